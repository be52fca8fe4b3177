import { offlineEncryption, offlineReadable } from './comments/offline.ts'
import { openDossier } from './comments/open-dossier.ts'
import { typing } from './comments/typing.ts'
import { versions } from './comments/versions.ts'
import { type Parts, runParts } from './parts.ts'

const parts: Parts = {
  open: { run: openDossier, untilMs: 120_000 },
  typing: { run: typing, untilMs: 200_000 },
  versions: { run: versions, untilMs: 340_000 },
  offline: { run: offlineReadable, untilMs: 400_000 },
  encryption: { run: offlineEncryption, untilMs: 420_000 },
}

/**
 * What people write together beside the one note, and without a connection.
 * `npm run bench -- comments [--only open,typing,versions,offline,encryption] [--rounds 3] [--quick]`.
 */
export function comments(args: readonly string[]): Promise<void> {
  return runParts(parts, 460_000, args)
}
