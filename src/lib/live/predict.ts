import type { Command } from '#shared/contracts/commands.ts'
import type { ChangeOwnerOfSelection, DossierRow, MoveSelection } from '#shared/contracts/dossier.ts'
import type { Happening } from '#shared/contracts/events.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Member, MemberChanges, MemberFields } from '#shared/contracts/member.ts'
import type { Frame } from '#shared/contracts/office.ts'
import type { StagesChanged } from '#shared/contracts/stage.ts'
import type { Actor } from '#shared/domain/access.ts'
import { moveStage } from '#shared/domain/pipeline.ts'
import { ownerJudge, stageJudge } from '#shared/domain/selection.ts'
import { type Staged, withEdited, withPlaced, withStage } from '#shared/domain/stages.ts'

/** What rows will look like when the server agrees: shown at once, taken back when it refuses. */
export type Prediction = ReadonlyMap<Id, Partial<DossierRow>>

type Rows = (id: Id) => DossierRow | undefined

/** Predicts with the same pure rules the server decides with; null where there is nothing to show before the answer. */
export function predict(frame: Frame, me: Actor | null, row: Rows, command: Command, now: number): Prediction | null {
  if ('dossierIds' in command) return me && predictMany(frame, me, row, command, now)
  if (!('dossierId' in command) || command.type === 'dossier.create') return null
  const present = row(command.dossierId)
  if (!present) return null
  const patch = patchOf(frame, present, command, now)
  return patch && new Map([[present.id, { ...patch, changedAt: now }]])
}

/** Of many, all or nothing: where one will be refused, nothing is shown before the answer. */
function predictMany(frame: Frame, me: Actor, row: Rows, command: MoveSelection | ChangeOwnerOfSelection, now: number): Prediction | null {
  const judge = command.type === 'selection.moveStage' ? stageJudge(me, frame, command.stageId, now) : ownerJudge(me, frame, command)
  const patches = new Map<Id, Partial<DossierRow>>()
  for (const id of command.dossierIds) {
    const present = row(id)
    const judged = present && judge(present)
    if (!judged || 'refusal' in judged) return null
    if (differs(present, judged.fields)) patches.set(id, { ...judged.fields, changedAt: now })
  }
  return patches
}

function differs(row: DossierRow, fields: Partial<DossierRow>): boolean {
  return (Object.keys(fields) as (keyof DossierRow)[]).some((field) => fields[field] !== row[field])
}

function patchOf(frame: Frame, row: DossierRow, command: Command, now: number): Partial<DossierRow> | null {
  switch (command.type) {
    case 'dossier.changeOwner':
      return {
        ...(command.ownerId !== undefined && { ownerId: command.ownerId }),
        ...(command.divisionId !== undefined && { divisionId: command.divisionId }),
      }
    case 'dossier.moveStage': {
      const moved = moveStage(frame.stages, row, command.stageId, now)
      return 'fields' in moved ? moved.fields : null
    }
    case 'dossier.changeStatus':
      return { status: command.status }
    case 'dossier.abandon':
      return { status: 'abandoned' }
    case 'dossier.edit':
      return {
        ...(command.title !== undefined && { title: command.title }),
        ...(command.kind !== undefined && { kind: command.kind }),
        ...(command.amount !== undefined && { amount: command.amount }),
      }
    default:
      return null
  }
}

/** What will have happened to the office itself; null where there is nothing to show before the answer. */
export function predictFrame(frame: Frame, me: Id, command: Command): Happening | null {
  switch (command.type) {
    case 'member.changeRole':
      return memberChanged(frame, command.memberId, () => ({ role: command.role }))
    case 'member.changeDivisions':
      return memberChanged(frame, command.memberId, () => ({ divisionIds: command.divisionIds }))
    case 'member.linkDivision':
      return memberChanged(frame, command.memberId, ({ divisionIds }) => {
        const others = divisionIds.filter((id) => id !== command.divisionId)
        return { divisionIds: command.linked ? [...others, command.divisionId] : others }
      })
    case 'member.changeState':
      // who had not joined is invited again, not active: the server knows which
      return command.state === 'active' ? null : memberChanged(frame, command.memberId, () => ({ state: command.state }))
    case 'member.editProfile': {
      const { type: _, ...fields } = command
      return memberChanged(frame, me, () => fields)
    }
    case 'division.rename': {
      const before = frame.divisions.find(({ id }) => id === command.divisionId)?.name
      return before === undefined ? null : { type: 'division.renamed', divisionId: command.divisionId, name: [before, command.name] }
    }
    case 'stage.add': {
      const { stageId: id, names, usualDays, before } = command
      return restaged(frame, 'added', id, withStage(frame.stages, { id, names, usualDays }, before, frame.office.language))
    }
    case 'stage.edit':
      return restaged(frame, 'edited', command.stageId, withEdited(frame.stages, command.stageId, command, frame.office.language))
    case 'stage.place':
      return restaged(frame, 'placed', command.stageId, withPlaced(frame.stages, command.stageId, command.before))
    default:
      return null
  }
}

/** Of the stages only what moves no dossier. */
function restaged(frame: Frame, change: StagesChanged['change'], stageId: Id, staged: Staged): Happening | null {
  if ('refusal' in staged) return null
  return { type: 'office.stagesChanged', change, stageId, stages: [frame.stages, staged.stages], subjects: [] }
}

function memberChanged(frame: Frame, memberId: Id, wanted: (member: Member) => Partial<MemberFields>): Happening | null {
  const member = frame.members.find(({ id }) => id === memberId)
  if (!member) return null
  const fields = Object.entries(wanted(member)).map(([field, value]) => [field, [member[field as keyof MemberFields], value]])
  return { type: 'member.changed', memberId, fields: Object.fromEntries(fields) as MemberChanges }
}
