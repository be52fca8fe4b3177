import type { Id } from '#shared/contracts/ids.ts'
import type { FrameImport } from '#shared/contracts/import.ts'
import type { Frame } from '#shared/contracts/office.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import type { Subject } from '#shared/contracts/dossier.ts'
import { refuseTransfer } from '#shared/domain/ownership.ts'
import { refusePlace } from '#shared/domain/pipeline.ts'
import type { Put } from '../store/store.ts'

/** What taking an import back writes. */
interface Back {
  puts: readonly Put[]
  subjects: readonly Subject[]
  frame: FrameImport
}

/**
 * Nothing in the import has changed since, but the office around it may have: what comes back must still be something that a command
 * would allow. A stage or division that is gone, an owner outside the division (S0.3), a closed dossier in an open stage (S4.9), an
 * office without an active admin.
 */
export function refuseUndo(frame: Frame, { puts, subjects, frame: people }: Back): Refusal | null {
  const divisions = new Set<Id | null>([null, ...frame.divisions.map(({ id }) => id)])
  const subjectOf = new Map(subjects.map((subject) => [subject.dossierId, subject.fields]))
  for (const { kind, record } of puts) {
    if (kind === 'client' && !divisions.has(record.divisionId)) return { code: 'notFound', what: 'division' }
    if (kind !== 'dossier') continue
    const { ownerId, divisionId, stageId, status } = record
    const fields = subjectOf.get(record.id) ?? {}
    const isMoved = fields.ownerId ?? fields.divisionId
    const refusal =
      (isMoved ? refuseTransfer(frame, { from: { ownerId: null, divisionId: null }, to: { ownerId, divisionId } }) : null) ??
      (fields.stageId || fields.status ? refusePlace(frame, stageId, status) : null)
    if (refusal) return refusal
  }
  if (people.members.some((member) => member.divisionIds.some((id) => !divisions.has(id)))) return { code: 'notFound', what: 'division' }
  const back = new Map(people.members.map((member) => [member.id, member]))
  const hasAdmin = frame.members.some((member) => member.state === 'active' && (back.get(member.id) ?? member).role === 'admin')
  return hasAdmin ? null : { code: 'lastAdmin' }
}
