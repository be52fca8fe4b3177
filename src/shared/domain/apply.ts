import type { Division } from '../contracts/division.ts'
import type { Dossier, DossierRow, FieldChanges, Subject } from '../contracts/dossier.ts'
import type { OfficeEvent } from '../contracts/events.ts'
import type { Id } from '../contracts/ids.ts'
import type { FrameImport } from '../contracts/import.ts'
import type { Frame } from '../contracts/office.ts'
import type { DeliveryItem } from '../contracts/workspace.ts'
import { subjectsOf } from './undo.ts'

/** What a screen holds of the office: the frame and a slim row of every dossier its member may see. */
export interface Workspace {
  frame: Frame
  rows: Map<Id, DossierRow>
}

/** What an application touched, so that a screen redraws only that. */
export interface Touched {
  rows: Id[]
  frame: boolean
}

const nothing: Touched = { rows: [], frame: false }

/** The slim row of a dossier: what every screen holds. */
export function rowOf(dossier: Dossier): DossierRow {
  const { abandonReason: _a, subject: _s, provenance: _p, introducer: _i, complete: _c, versions: _v, stageDates: _d, ...row } = dossier
  return row
}

/** Applies one item of a delivery. Rows carry the number they stand at: anything at or below it is ignored. */
export function applyItem(workspace: Workspace, item: DeliveryItem): Touched {
  switch (item.kind) {
    case 'event':
      return applyEvent(workspace, item.event)
    case 'row': {
      const known = workspace.rows.get(item.row.id)
      if (known && known.at >= item.row.at) return nothing
      workspace.rows.set(item.row.id, item.row)
      return { rows: [item.row.id], frame: false }
    }
    case 'gone':
      return workspace.rows.delete(item.dossierId) ? { rows: [item.dossierId], frame: false } : nothing
    case 'resync':
      return nothing
  }
}

/** Applies one event of the log: used by every screen, by the server's frame and by the tests. */
export function applyEvent(workspace: Workspace, event: OfficeEvent): Touched {
  if (event.type === 'dossier.created') {
    const known = workspace.rows.get(event.dossier.id)
    if (known && known.at >= event.n) return nothing
    workspace.rows.set(event.dossier.id, rowOf(event.dossier))
    return { rows: [event.dossier.id], frame: false }
  }
  const before = workspace.frame
  workspace.frame = applyToFrame(before, event)
  // of an import only the frame: rows are fetched afresh
  const isImport = event.type === 'dossier.imported' || event.type === 'import.undone'
  const changed = isImport ? [] : (subjectsOf(event) ?? []).filter((s) => applySubject(workspace.rows, s, event))
  return { rows: changed.map((s) => s.dossierId), frame: workspace.frame !== before }
}

function applySubject(rows: Map<Id, DossierRow>, subject: Subject, event: OfficeEvent): boolean {
  const row = rows.get(subject.dossierId)
  // of a client edited in what its dossiers do not show
  const isTouched = Object.keys(subject.fields).length > 0
  if (!row || !isTouched || row.at >= event.n) return false
  rows.set(row.id, { ...row, ...rowFields(subject.fields), at: event.n, changedAt: event.at })
  return true
}

/** The values after the change, of those fields that a slim row shows. */
export function rowFields(changes: FieldChanges): Partial<DossierRow> {
  const { abandonReason: _a, subject: _s, provenance: _p, introducer: _i, complete: _c, ...shown } = changes
  return Object.fromEntries(Object.entries(shown).map(([field, [, after]]) => [field, after]))
}

/** The frame after an event; the same object where the event does not concern it. */
export function applyToFrame(frame: Frame, event: OfficeEvent): Frame {
  switch (event.type) {
    case 'office.created':
      return event.frame
    case 'office.settingsChanged':
      return { ...frame, office: { ...frame.office, ...after(event.fields) } }
    case 'office.stagesChanged':
      return { ...frame, stages: event.stages[1] }
    case 'division.created': {
      const office = event.turnsOn ? { ...frame.office, divisionsOn: true } : frame.office
      return { ...frame, office, divisions: byName(merged(frame.divisions, [event.division])) }
    }
    case 'division.renamed': {
      const [, name] = event.name
      return { ...frame, divisions: byName(frame.divisions.map((d) => (d.id === event.divisionId ? { ...d, name } : d))) }
    }
    case 'division.deleted':
      return { ...frame, divisions: frame.divisions.filter((d) => d.id !== event.division.id) }
    case 'member.invited':
      return {
        ...frame,
        members: merged(frame.members, [event.member]),
        owners: event.owner ? merged(frame.owners, [event.owner]) : frame.owners,
      }
    case 'member.changed':
      return {
        ...frame,
        members: frame.members.map((m) => (m.id === event.memberId ? { ...m, ...after(event.fields) } : m)),
        owners: event.owner ? merged(frame.owners, [event.owner]) : frame.owners,
      }
    case 'dossier.imported':
      return event.frame ? withImport(frame, event.frame) : frame
    case 'import.undone': {
      const { members, owners, divisions, ...rest } = withImport(frame, event.frame)
      return {
        ...rest,
        members: without(members, event.gone.members),
        owners: without(owners, event.gone.owners),
        divisions: without(divisions, event.gone.divisions),
      }
    }
    default:
      return frame
  }
}

function withImport(frame: Frame, { members, owners, divisions, divisionsOn = frame.office.divisionsOn }: FrameImport): Frame {
  return {
    ...frame,
    office: { ...frame.office, divisionsOn },
    members: merged(frame.members, members),
    owners: merged(frame.owners, owners),
    divisions: byName(merged(frame.divisions, divisions)),
  }
}

/** Entries replaced by those of the same id, new ones at the end; an event that is applied twice changes nothing. */
function merged<T extends { id: Id }>(entries: readonly T[], changed: readonly T[]): T[] {
  const byId = new Map(changed.map((entry) => [entry.id, entry]))
  const kept = entries.map((entry) => byId.get(entry.id) ?? entry)
  const known = new Set(entries.map((entry) => entry.id))
  return [...kept, ...changed.filter((entry) => !known.has(entry.id))]
}

function without<T extends { id: Id }>(entries: readonly T[], gone: readonly Id[]): T[] {
  const ids = new Set(gone)
  return entries.filter((entry) => !ids.has(entry.id))
}

/** Divisions stand in the frame by their names. */
function byName(divisions: readonly Division[]): Division[] {
  return divisions.toSorted((a, b) => a.name.localeCompare(b.name))
}

function after<T extends Record<string, [unknown, unknown] | undefined>>(fields: T): { [F in keyof T]?: NonNullable<T[F]>[1] } {
  return Object.fromEntries(Object.entries(fields).flatMap(([field, change]) => (change ? [[field, change[1]]] : []))) as {
    [F in keyof T]?: NonNullable<T[F]>[1]
  }
}
