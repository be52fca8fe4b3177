import type { Id } from '../contracts/ids.ts'
import type { Frame } from '../contracts/office.ts'
import type { Owner } from '../contracts/owner.ts'
import type { Refusal } from '../contracts/refusals.ts'

/** The divisions an entry of the directory is in: its member's when linked, its own when manual. */
export function divisionsOfOwner(frame: Frame, owner: Owner): readonly Id[] {
  if (owner.memberId === null) return owner.divisionIds
  return frame.members.find((m) => m.id === owner.memberId)?.divisionIds ?? []
}

/** S0.3, S0.8: may this entry own what lies in this division? Without divisions, or without one set, anybody in the directory may. */
export function mayOwnIn(frame: Frame, owner: Owner, divisionId: Id | null): boolean {
  return !frame.office.divisionsOn || divisionId === null || divisionsOfOwner(frame, owner).includes(divisionId)
}

/** Owner and division of a dossier as it is, and as it shall be. */
export interface Transfer {
  from: { ownerId: Id | null; divisionId: Id | null }
  to: { ownerId: Id | null; divisionId: Id | null }
}

/**
 * S0.3: the next owner, and the present one if there is one, must be in the division the dossier ends up in.
 * Returns the refusal that names the missing link, or null.
 */
export function refuseTransfer(frame: Frame, { from, to }: Transfer): Refusal | null {
  if (to.divisionId !== null && !frame.divisions.some((d) => d.id === to.divisionId)) return { code: 'notFound', what: 'division' }
  const next = to.ownerId === null ? null : frame.owners.find((o) => o.id === to.ownerId)
  if (next === undefined) return { code: 'notFound', what: 'owner' }
  const present = frame.owners.find((o) => o.id === from.ownerId) ?? null
  return (
    (next && missingLink(frame, 'next', next, to.divisionId)) ??
    (present && present.id !== next?.id ? missingLink(frame, 'present', present, to.divisionId) : null)
  )
}

function missingLink(frame: Frame, which: 'present' | 'next', owner: Owner, divisionId: Id | null): Refusal | null {
  if (mayOwnIn(frame, owner, divisionId) || divisionId === null) return null
  const divisionName = frame.divisions.find((d) => d.id === divisionId)?.name ?? ''
  return { code: 'ownerNotInDivision', which, ownerId: owner.id, ownerName: owner.name, divisionId, divisionName }
}

/** S0.2: the entry that owns what this member creates; null when the member has none and must choose. */
export function ownEntry(frame: Frame, memberId: Id): Owner | null {
  return frame.owners.find((o) => o.memberId === memberId) ?? null
}

/** The division a new dossier of this owner is put in: the owner's only or first one, where divisions are on. */
export function defaultDivision(frame: Frame, owner: Owner | null): Id | null {
  if (!frame.office.divisionsOn || !owner) return null
  return divisionsOfOwner(frame, owner)[0] ?? null
}
