import { type Parts, runParts } from './parts.ts'
import { commands } from './store/commands.ts'
import { growth } from './store/growth.ts'
import { large } from './store/large.ts'
import { overhead } from './store/overhead.ts'

const parts: Parts = {
  commands: { run: commands, untilMs: 120_000 },
  overhead: { run: overhead, untilMs: 200_000 },
  large: { run: large, untilMs: 300_000 },
  growth: { run: growth, untilMs: 900_000 },
}

/**
 * Both adapters of the store side by side, MongoDB as a replica set of three members on this machine; and what its adapter costs beside
 * the driver alone. `npm run bench -- store [--only commands,overhead] [--rounds 3] [--quick]`.
 */
export function store(args: readonly string[]): Promise<void> {
  return runParts(parts, 1_200_000, args)
}
