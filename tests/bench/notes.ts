import { capacity } from './notes/capacity.ts'
import { typing } from './notes/typing.ts'
import { type Parts, runParts } from './parts.ts'

const parts: Parts = {
  typing: { run: typing, untilMs: 130_000 },
  capacity: { run: capacity, untilMs: 300_000 },
}

/** The notes server beside its peers, which store nothing. `npm run bench -- notes [--only typing] [--rounds 3] [--quick] [--profile folder]`. */
export function notes(args: readonly string[]): Promise<void> {
  return runParts(parts, 540_000, args)
}
