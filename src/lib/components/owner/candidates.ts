import type { DossierRow } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Frame } from '#shared/contracts/office.ts'
import type { Owner } from '#shared/contracts/owner.ts'
import { containsAll, fold, words } from '#shared/domain/fold.ts'
import { divisionsOfOwner, mayOwnIn, refuseTransfer } from '#shared/domain/ownership.ts'

/** What the dialog has chosen: undefined leaves it as it is, null is "none". */
export interface Choice {
  ownerId: Id | null | undefined
  divisionId: Id | null | undefined
}

type Present = Pick<DossierRow, 'ownerId' | 'divisionId'>

/** An entry of the directory as the dialog lists it. */
export interface Candidate {
  owner: Owner
  divisionNames: string[]
  /** S0.3: in the division the dossier ends up in. Others are shown greyed (S0.6). */
  mayReceive: boolean
  /** The names of the divisions that stand in the way. */
  missing: string
}

/** Everybody in the directory but the present owner: those who may receive first, each part by name. */
export function candidates(frame: Frame, present: Present, divisionId: Id | null): Candidate[] {
  return candidatesFor(frame, [present], divisionId)
}

/** S0.5: the same for many, who may lie in several divisions. `divisionId` undefined: each stays in its own. */
export function candidatesFor(frame: Frame, presents: readonly Present[], divisionId: Id | null | undefined): Candidate[] {
  const divisions = divisionId === undefined ? [...new Set(presents.map((present) => present.divisionId))] : [divisionId]
  const { ownerId: commonId } = inCommon(presents)
  return frame.owners
    .filter((owner) => owner.id !== commonId)
    .map((owner) => {
      const missing = divisions.filter((id) => !mayOwnIn(frame, owner, id))
      return {
        owner,
        divisionNames: divisionNames(frame, owner),
        mayReceive: missing.length === 0,
        missing: frame.divisions
          .filter((d) => missing.includes(d.id))
          .map((d) => d.name)
          .join(', '),
      }
    })
    .sort((a, b) => Number(b.mayReceive) - Number(a.mayReceive) || a.owner.name.localeCompare(b.owner.name))
}

/** What these have in common; undefined: they differ. */
export function inCommon(presents: readonly Present[]): { ownerId: Id | null | undefined; divisionId: Id | null | undefined } {
  const owners = new Set(presents.map((present) => present.ownerId))
  const divisions = new Set(presents.map((present) => present.divisionId))
  return {
    ownerId: owners.size === 1 ? presents[0]?.ownerId : undefined,
    divisionId: divisions.size === 1 ? presents[0]?.divisionId : undefined,
  }
}

/** Does the choice change any of these? */
export function changeOfAll(presents: readonly Present[], choice: Partial<Choice>): boolean {
  return presents.some((present) => changeOf(present, { ownerId: choice.ownerId, divisionId: choice.divisionId }) !== null)
}

function divisionNames(frame: Frame, owner: Owner): string[] {
  const ids = divisionsOfOwner(frame, owner)
  return frame.divisions.filter((d) => ids.includes(d.id)).map((d) => d.name)
}

/** Those whose name or division contains every word of the query. */
export function matching(all: readonly Candidate[], query: string): Candidate[] {
  const asked = words(query)
  return all.filter(({ owner, divisionNames }) => containsAll(fold([owner.name, ...divisionNames].join(' ')), asked))
}

/** Owner and division once the choice is made. */
export function outcome(present: Present, choice: Choice): Present {
  return {
    ownerId: choice.ownerId === undefined ? present.ownerId : choice.ownerId,
    divisionId: choice.divisionId === undefined ? present.divisionId : choice.divisionId,
  }
}

/** What of the choice differs from how things are; null: there is nothing to send. */
export function changeOf(present: Present, choice: Choice): Partial<Present> | null {
  const to = outcome(present, choice)
  const change: Partial<Present> = {
    ...(to.ownerId !== present.ownerId && { ownerId: to.ownerId }),
    ...(to.divisionId !== present.divisionId && { divisionId: to.divisionId }),
  }
  return Object.keys(change).length > 0 ? change : null
}

/** S0.3: the present owner where the dossier may not end up in this division because of them, else null. */
export function presentOwnerMissing(frame: Frame, present: Present, divisionId: Id | null): Owner | null {
  const refusal = refuseTransfer(frame, { from: present, to: { ownerId: null, divisionId } })
  return refusal?.code === 'ownerNotInDivision' ? (frame.owners.find((o) => o.id === refusal.ownerId) ?? null) : null
}

/** S1.5: whom to ask for a person that the list does not offer. */
export function adminNames(frame: Frame): string[] {
  return frame.members.filter((m) => m.role === 'admin' && m.state === 'active').map((m) => m.name)
}
