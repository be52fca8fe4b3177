import type { Dossier, Subject } from '#shared/contracts/dossier.ts'
import type { OfficeEvent } from '#shared/contracts/events.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { OfficeFields, SettingsChanged } from '#shared/contracts/office.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import type { StagesChanged } from '#shared/contracts/stage.ts'
import { can } from '#shared/domain/access.ts'
import { refuseStages, withoutChange } from '#shared/domain/stages.ts'
import { inverse, overtaken } from '#shared/domain/undo.ts'
import type { Context, Decision } from './context.ts'
import * as division from './division.ts'
import { changedMeanwhile, write } from './dossier.ts'
import { changeSettings, settingsOf } from './office.ts'
import { writeStages } from './stage.ts'

type OfficeChange = Extract<
  OfficeEvent,
  {
    type: 'office.settingsChanged' | 'office.stagesChanged' | 'division.created' | 'division.renamed' | 'division.deleted'
  }
>

const notUndoable: Refusal = { code: 'undoNotPossible', reason: 'notUndoable' }

/** Is this a change of the office itself, of its divisions or stages, that can be taken back? */
export function isOfficeChange(event: OfficeEvent): event is OfficeChange {
  switch (event.type) {
    case 'office.settingsChanged':
    case 'office.stagesChanged':
    case 'division.created':
    case 'division.renamed':
    case 'division.deleted':
      return true
    default:
      return false
  }
}

/** L4: the inverse, by the right that doing it by hand would need; refused, naming who, when the very same has been changed since. */
export async function undoOfficeChange(context: Context, event: OfficeChange): Decision {
  if (!can(context.actor, 'office.manage')) return { code: 'forbidden', action: 'office.manage' }
  switch (event.type) {
    case 'office.settingsChanged':
      return undoSettings(context, event)
    case 'office.stagesChanged':
      return undoStages(context, event)
    case 'division.created':
      return undoCreated(context, event)
    case 'division.renamed': {
      const [before, after] = event.name
      const present = context.view.frame.divisions.find((d) => d.id === event.divisionId)
      if (present?.name !== after) return changedSince(context, event, present?.name ?? after, concernsDivision(event.divisionId))
      return division.rename(context, { type: 'division.rename', divisionId: event.divisionId, name: before })
    }
    case 'division.deleted':
      if (await context.view.get('division', event.division.id))
        return changedSince(context, event, event.division.name, concernsDivision(event.division.id))
      return division.addDivision(context, event.division, false)
  }
}

async function undoSettings(context: Context, event: SettingsChanged & OfficeEvent): Decision {
  const { office } = context.view.frame
  const fields = Object.entries(event.fields) as [keyof OfficeFields, [unknown, unknown]][]
  const present = settingsOf(office)
  if (fields.some(([field, [, after]]) => JSON.stringify(present[field]) !== JSON.stringify(after))) {
    const isIt = (e: OfficeEvent) =>
      (e.type === 'office.settingsChanged' && fields.some(([field]) => e.fields[field])) || (e.type === 'division.created' && e.turnsOn)
    return changedSince(context, event, office.name, isIt)
  }
  const back = Object.fromEntries(fields.map(([field, [before]]) => [field, before]))
  return changeSettings(context, { type: 'office.changeSettings', ...back })
}

/** What was the first division turned the setting on: without it, and without any other, the setting is off again. */
async function undoCreated(context: Context, event: OfficeChange & { type: 'division.created' }): Decision {
  const { view } = context
  const { id, name } = event.division
  const present = view.frame.divisions.find((d) => d.id === id)
  if (present?.name !== name) return changedSince(context, event, present?.name ?? name, concernsDivision(id))
  const refusal = await division.remove(context, { type: 'division.delete', divisionId: id })
  if (refusal) return refusal
  const turnsOff = event.turnsOn && view.frame.divisions.length === 0
  return turnsOff ? changeSettings(context, { type: 'office.changeSettings', divisionsOn: false }) : null
}

async function undoStages(context: Context, event: StagesChanged & OfficeEvent): Decision {
  const { view } = context
  const { stages, office } = view.frame
  const back = withoutChange(stages, event.stages)
  if (!back) {
    const changed = [stages, ...event.stages.toReversed()].flatMap((some) => some.find((s) => s.id === event.stageId) ?? [])[0]
    return changedSince(context, event, changed?.names[office.language] ?? '', (e) => e.type === 'office.stagesChanged')
  }
  const refusal = refuseStages(back) ?? (await refuseHeld(context, back, event.subjects))
  if (refusal) return refusal
  const dossiers: [Dossier, Subject][] = []
  for (const subject of event.subjects) {
    const dossier = await view.get('dossier', subject.dossierId)
    if (!dossier) return { code: 'notFound', what: 'dossier' }
    const field = overtaken(dossier, subject.fields, event.n)
    if (field) {
      const later = await view.event(dossier.versions[field] ?? 0)
      return later ? changedMeanwhile(view.frame, field, later) : notUndoable
    }
    dossiers.push([dossier, subject])
  }
  const subjects = dossiers.map(([dossier, { fields }]) => write(context, dossier, inverse(fields)))
  writeStages(context, 'undone', event.stageId, back, subjects)
  return null
}

/** A stage goes away only when nothing stands in it that does not go back by itself. */
async function refuseHeld({ view }: Context, back: readonly { id: Id }[], subjects: readonly Subject[]): Promise<Refusal | null> {
  const going = view.frame.stages.filter(({ id }) => !back.some((s) => s.id === id))
  const returning = new Set(subjects.map(({ dossierId }) => dossierId))
  for (const { id } of going) {
    const count = (await view.dossiersIn(id)).filter((dossier) => !returning.has(dossier.id)).length
    if (count > 0) return { code: 'stageHoldsDossiers', count }
  }
  return null
}

function concernsDivision(divisionId: Id): (event: OfficeEvent) => boolean {
  return (e) =>
    (e.type === 'division.renamed' && e.divisionId === divisionId) ||
    ((e.type === 'division.created' || e.type === 'division.deleted') && e.division.id === divisionId)
}

async function changedSince({ view }: Context, event: OfficeEvent, what: string, isIt: (event: OfficeEvent) => boolean): Promise<Refusal> {
  const later = await view.lastAfter(event.n, isIt)
  const memberName = view.frame.members.find((m) => m.id === later?.by)?.name
  return memberName === undefined ? notUndoable : { code: 'changedSince', what, memberName }
}
