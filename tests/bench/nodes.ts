import { bothBusy } from './nodes/both-busy.ts'
import { crossing } from './nodes/crossing.ts'
import { type Parts, runParts } from './parts.ts'

const parts: Parts = {
  crossing: { run: crossing, untilMs: 150_000 },
  busy: { run: bothBusy, untilMs: 240_000 },
}

/**
 * Two nodes on a replica set of three members on this machine: what one does on the screens of both, and how many commands of one office
 * they take. `npm run bench -- nodes [--only crossing,busy] [--rounds 3] [--quick] [--profile folder]`.
 */
export function nodes(args: readonly string[]): Promise<void> {
  return runParts(parts, 360_000, args)
}
