import type { Comment } from '#shared/contracts/comment.ts'
import type { DossierPage } from '#shared/contracts/dossier-page.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Frame } from '#shared/contracts/office.ts'
import type { CopiesDb, HeldKey, PagePart } from './copies-db.ts'
import { type Place, seal, unseal } from './sealing.ts'

/** What a dossier's page shows beside its texts, as it was when it was seen last. */
export interface SeenPage {
  page: DossierPage
  frame: Frame
  /** Who saw it. */
  memberId: Id
}

/** What is kept of each part. */
export interface PageParts {
  page: Omit<SeenPage, 'memberId'>
  comments: readonly Comment[]
}

/** Keeps a part of a dossier's page under its key. */
export async function keepPart<P extends PagePart>(db: CopiesDb, held: HeldKey, part: P, seen: PageParts[P]): Promise<void> {
  const plain = new TextEncoder().encode(JSON.stringify(seen))
  await db.put('pages', { dossierId: held.dossierId, part, sealed: await seal(held.key, placeOf(held, part), plain) })
}

/** The part as it was seen last; null: it is not here, or cannot be read. */
export async function readPart<P extends PagePart>(db: CopiesDb, held: HeldKey, part: P): Promise<PageParts[P] | null> {
  const kept = await db.get('pages', [held.dossierId, part])
  if (!kept) return null
  try {
    const plain = await unseal(held.key, placeOf(held, part), kept.sealed)
    return JSON.parse(new TextDecoder().decode(plain)) as PageParts[P]
  } catch {
    return null
  }
}

function placeOf({ officeId, memberId, dossierId }: HeldKey, part: PagePart): Place {
  return { officeId, memberId, text: `${dossierId} (${part})`, epoch: 0 }
}
