import { capacity } from './notes/capacity.ts'
import { coldOpen } from './notes/cold-open.ts'
import { idle } from './notes/idle.ts'
import { lost } from './notes/lost.ts'
import { typing } from './notes/typing.ts'
import { type Parts, runParts } from './parts.ts'

const parts: Parts = {
  typing: { run: typing, untilMs: 130_000 },
  'cold-open': { run: coldOpen, untilMs: 150_000 },
  lost: { run: lost, untilMs: 210_000 },
  idle: { run: idle, untilMs: 300_000 },
  capacity: { run: capacity, untilMs: 390_000 },
}

/** The notes server beside its peers, which store nothing. `npm run bench -- notes [--only typing,idle] [--rounds 3] [--quick] [--profile folder]`. */
export function notes(args: readonly string[]): Promise<void> {
  return runParts(parts, 540_000, args)
}
