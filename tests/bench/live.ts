import { board } from './live/board.ts'
import { disk } from './live/disk.ts'
import { latency } from './live/latency.ts'
import { install } from './live/install.ts'
import { list } from './live/list.ts'
import { returning } from './live/return.ts'
import { size } from './live/size.ts'
import { start } from './live/start.ts'
import { type Parts, runParts } from './parts.ts'

const parts: Parts = {
  disk: { run: disk, untilMs: 10_000 },
  latency: { run: latency, untilMs: 130_000 },
  board: { run: board, untilMs: 210_000 },
  list: { run: list, untilMs: 270_000 },
  return: { run: returning, untilMs: 350_000 },
  start: { run: start, untilMs: 400_000 },
  size: { run: size, untilMs: 430_000 },
  install: { run: install, untilMs: 430_000, onlyWhenAsked: true },
}

/**
 * Everything people wait for: command and keystroke to the other screen, board, list, the return of 200 members, start and size.
 * `npm run bench -- live [--only latency,board] [--rounds 3] [--quick] [--profile folder]`; `--only install` also fetches from the
 * registry.
 */
export function live(args: readonly string[]): Promise<void> {
  return runParts(parts, 480_000, args)
}
