import { z } from 'zod'
import { Id } from '#shared/contracts/ids.ts'

/** What a backup consists of, beside its manifest. */
export const partNames = ['office.db', 'accounts.db', 'secret'] as const
export type PartName = (typeof partNames)[number]
export const manifestName = 'manifest.json'

const Part = z.object({ name: z.enum(partNames), bytes: z.number().int().nonnegative(), sha256: z.hex().length(64) })

/** The first file of a backup: what it is, and what the others must be. */
export const Manifest = z.object({
  kind: z.literal('codossier-backup'),
  /** The way backups are laid out. */
  layout: z.literal(1),
  /** Format of `office.db`. */
  format: z.number().int().positive(),
  /** Version of the program that made it. */
  version: z.string().max(40),
  madeAt: z.iso.datetime(),
  offices: z.array(z.object({ id: Id, number: z.number().int().nonnegative() })),
  parts: z.array(Part).refine((parts) => partNames.every((name) => parts.filter((part) => part.name === name).length === 1), {
    message: 'each part once',
  }),
})
export type Manifest = z.infer<typeof Manifest>

/** What somebody is told who asked for a backup or a restore that cannot be. Nothing was changed. */
export class KeepError extends Error {
  override name = 'KeepError'
}
