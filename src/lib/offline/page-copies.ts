import type { DossierPage } from '#shared/contracts/dossier-page.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Frame } from '#shared/contracts/office.ts'
import type { CopiesDb, HeldKey } from './copies-db.ts'
import { type Place, seal, unseal } from './sealing.ts'

/** What a dossier's page shows beside its texts, as it was when it was seen last. */
export interface SeenPage {
  page: DossierPage
  frame: Frame
  /** Who saw it. */
  memberId: Id
}

/** Keeps a dossier's page under its key. */
export async function keepPage(db: CopiesDb, held: HeldKey, seen: Omit<SeenPage, 'memberId'>): Promise<void> {
  const plain = new TextEncoder().encode(JSON.stringify(seen))
  await db.put('pages', { dossierId: held.dossierId, sealed: await seal(held.key, placeOf(held), plain) })
}

/** The page as it was seen last; null: it is not here, or cannot be read. */
export async function readPage(db: CopiesDb, held: HeldKey): Promise<SeenPage | null> {
  const kept = await db.get('pages', held.dossierId)
  if (!kept) return null
  try {
    const plain = await unseal(held.key, placeOf(held), kept.sealed)
    return { ...(JSON.parse(new TextDecoder().decode(plain)) as Omit<SeenPage, 'memberId'>), memberId: held.memberId }
  } catch {
    return null
  }
}

function placeOf({ officeId, memberId, dossierId }: HeldKey): Place {
  return { officeId, memberId, text: `${dossierId} (page)`, epoch: 0 }
}
