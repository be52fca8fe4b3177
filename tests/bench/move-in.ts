import { imports } from './move-in/imports.ts'
import { keep } from './move-in/keep.ts'
import { type Parts, runParts } from './parts.ts'

const parts: Parts = {
  imports: { run: imports, untilMs: 200_000 },
  keep: { run: keep, untilMs: 330_000 },
}

/**
 * What moving in takes: import of the sample's size and of a large office's, backup and restore. No peer does the same.
 * `npm run bench -- move-in [--only imports,keep] [--rounds 3] [--quick] [--profile folder]`.
 */
export function moveIn(args: readonly string[]): Promise<void> {
  return runParts(parts, 560_000, args)
}
