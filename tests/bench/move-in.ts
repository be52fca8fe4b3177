import { flips } from './move-in/flips.ts'
import { imports } from './move-in/imports.ts'
import { keep } from './move-in/keep.ts'
import { palette } from './move-in/palette.ts'
import { type Parts, runParts } from './parts.ts'

const parts: Parts = {
  imports: { run: imports, untilMs: 200_000 },
  keep: { run: keep, untilMs: 330_000 },
  flips: { run: flips, untilMs: 430_000 },
  palette: { run: palette, untilMs: 500_000 },
}

/**
 * What moving in takes: import of the sample's size and of a large office's, backup and restore, who sees
 * what switched over while everybody watches, and the palette over a large office. No peer does the same.
 * `npm run bench -- move-in [--only imports,keep,flips,palette] [--rounds 3] [--quick] [--profile folder]`.
 */
export function moveIn(args: readonly string[]): Promise<void> {
  return runParts(parts, 560_000, args)
}
