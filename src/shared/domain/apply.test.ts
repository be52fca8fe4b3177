import { describe, expect, it } from 'vitest'
import type { Dossier, DossierFields, DossierRow, FieldChanges, Subject } from '../contracts/dossier.ts'
import type { Happening, OfficeEvent } from '../contracts/events.ts'
import type { Id } from '../contracts/ids.ts'
import { applyEvent, applyItem, applyToFrame, rowOf, type Workspace } from './apply.ts'
import { frameOf, member, stages } from './small-office.fixture.ts'
import { inverse } from './undo.ts'

const untouched = { rows: [], frame: false }

function dossier(id: Id, at: number): Dossier {
  return {
    ...{ id, at, number: `N-${id}`, clientId: 'client', clientName: 'Kian Goldner', partnerName: '', title: 'Works', kind: null },
    ...{ status: 'client', stageId: 'stage-first', stageSince: 0, amount: null, createdOn: '2026-01-01', changedAt: at },
    ...{ ownerId: null, divisionId: null, readerIds: [], abandonReason: null, subject: 'client', provenance: null, introducer: null },
    ...{ complete: false, versions: {}, stageDates: {} },
  }
}

function stamped(happening: Happening, n: number): OfficeEvent {
  return { ...happening, n, at: n, by: 'ana', commandId: `command-${n}` }
}

function changed(n: number, ...subjects: [Id, FieldChanges][]): OfficeEvent {
  const access = { divisionId: null, ownerId: null, readerIds: [] }
  const of = ([dossierId, fields]: [Id, FieldChanges]): Subject => ({ dossierId, fields, access: { before: access, after: access } })
  return stamped({ type: 'dossier.edited', subjects: subjects.map(of) }, n)
}

function workspace(...rows: DossierRow[]): Workspace {
  return { frame: frameOf(member('ana', 'admin', [])), rows: new Map(rows.map((row) => [row.id, row])) }
}

describe('one event', () => {
  it('L1 sets the fields of a row, its number and when it changed, and nothing else', () => {
    const screen = workspace(rowOf(dossier('a', 3)), rowOf(dossier('b', 3)))
    expect(applyEvent(screen, changed(5, ['a', { title: ['Works', 'Second home'], amount: [null, 100] }]))).toEqual({
      rows: ['a'],
      frame: false,
    })
    expect(screen.rows.get('a')).toEqual({ ...rowOf(dossier('a', 3)), title: 'Second home', amount: 100, at: 5, changedAt: 5 })
    expect(screen.rows.get('b')).toEqual(rowOf(dossier('b', 3)))
  })

  it('L3 at or below the number of a row is ignored', () => {
    for (const n of [4, 5]) {
      const screen = workspace(rowOf(dossier('a', 5)))
      expect(applyEvent(screen, changed(n, ['a', { title: ['Works', 'Older'] }]))).toEqual(untouched)
      expect(screen.rows.get('a')).toEqual(rowOf(dossier('a', 5)))
    }
  })

  it('L2 makes no row of a dossier that is not on the screen', () => {
    const screen = workspace()
    expect(applyEvent(screen, changed(5, ['a', { title: ['Works', 'Older'] }]))).toEqual(untouched)
    expect(screen.rows.size).toBe(0)
  })

  it('L1 with many dossiers touches those on the screen that stand below it', () => {
    const screen = workspace(rowOf(dossier('a', 3)), rowOf(dossier('b', 7)))
    const fields: FieldChanges = { ownerId: [null, 'owner-ana'] }
    expect(applyEvent(screen, changed(5, ['a', fields], ['b', fields], ['c', fields])).rows).toEqual(['a'])
    expect([...screen.rows.values()].map((row) => row.ownerId)).toEqual(['owner-ana', null])
  })

  it('S4.2 of abandoning shows as a status; the reason is no part of the row', () => {
    const screen = workspace(rowOf(dossier('a', 3)))
    applyEvent(screen, changed(5, ['a', { status: ['client', 'abandoned'], abandonReason: [null, 'other'] }]))
    expect(screen.rows.get('a')).toEqual({ ...rowOf(dossier('a', 3)), status: 'abandoned', at: 5, changedAt: 5 })
  })

  it('of a new dossier adds its row once', () => {
    const screen = workspace()
    const created = stamped({ type: 'dossier.created', dossier: dossier('a', 5) }, 5)
    expect(applyEvent(screen, created).rows).toEqual(['a'])
    applyEvent(screen, changed(6, ['a', { title: ['Works', 'Second home'] }]))
    expect(applyEvent(screen, created)).toEqual(untouched)
    expect(screen.rows.get('a')?.title).toBe('Second home')
  })

  it('of a new client or an import changes nothing by itself', () => {
    const screen = workspace(rowOf(dossier('a', 3)))
    expect(applyEvent(screen, stamped({ type: 'dossier.imported', clients: 1, dossierIds: ['a', 'b'] }, 5))).toEqual(untouched)
    expect(screen.rows).toEqual(workspace(rowOf(dossier('a', 3))).rows)
  })
})

describe('one item of a delivery', () => {
  it('L3 a row replaces an older one, and no newer or equal one', () => {
    const screen = workspace(rowOf(dossier('a', 5)))
    for (const at of [4, 5])
      expect(applyItem(screen, { kind: 'row', row: { ...rowOf(dossier('a', at)), title: 'Older' } })).toEqual(untouched)
    expect(applyItem(screen, { kind: 'row', row: { ...rowOf(dossier('a', 6)), title: 'Newer' } }).rows).toEqual(['a'])
    expect(screen.rows.get('a')?.title).toBe('Newer')
  })

  it('L2 a dossier that is gone leaves the screen, and comes back as a row', () => {
    const screen = workspace(rowOf(dossier('a', 5)))
    expect(applyItem(screen, { kind: 'gone', dossierId: 'a' }).rows).toEqual(['a'])
    expect(applyItem(screen, { kind: 'gone', dossierId: 'a' })).toEqual(untouched)
    expect(applyItem(screen, { kind: 'row', row: rowOf(dossier('a', 5)) }).rows).toEqual(['a'])
  })

  it('a call to fetch afresh changes nothing by itself', () => {
    const screen = workspace(rowOf(dossier('a', 5)))
    expect(applyItem(screen, { kind: 'resync', reach: true, spreadMs: 0 })).toEqual(untouched)
    expect(screen.rows.size).toBe(1)
  })
})

describe('the frame', () => {
  const frame = frameOf(member('ana', 'admin', []), member('bo', 'adviser', ['north']))
  const settings = stamped({ type: 'office.settingsChanged', fields: { seesWhat: ['everyone', 'own'] } }, 5)
  const promoted = stamped(
    { type: 'member.changed', memberId: 'bo', fields: { role: ['adviser', 'manager'], divisionIds: [['north'], []] } },
    6,
  )

  it('L1 follows settings and members', () => {
    const screen: Workspace = { frame, rows: new Map() }
    expect(applyEvent(screen, settings)).toEqual({ rows: [], frame: true })
    expect(applyEvent(screen, promoted)).toEqual({ rows: [], frame: true })
    expect(screen.frame.office).toEqual({ ...frame.office, seesWhat: 'own' })
    expect(screen.frame.members).toEqual([member('ana', 'admin', []), { ...member('bo', 'manager', []) }])
    expect(frame.office.seesWhat).toBe('everyone')
  })

  it('L3 is the same after an event that comes twice', () => {
    for (const event of [settings, promoted]) {
      const once = applyToFrame(frame, event)
      expect(applyToFrame(once, event)).toEqual(once)
    }
  })

  it('of a new office is the one it was made with', () => {
    expect(applyToFrame(frameOf(), stamped({ type: 'office.created', frame }, 1))).toBe(frame)
  })

  it('is the same object after what does not concern it', () => {
    expect(applyToFrame(frame, changed(5, ['a', { title: ['a', 'b'] }]))).toBe(frame)
  })
})

/* ---- random histories ---- */

/** Mulberry32: the same numbers from 0 to below 1 for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

interface History {
  events: OfficeEvent[]
  /** `states[n]`: every row as it is once event n has happened, written down by whoever made the events up. */
  states: DossierRow[][]
  pick: <T>(from: readonly T[]) => T
}

const events = 60

/** An office's log out of a seed: dossiers are made, and one or several at a time changed in some of their fields. */
function historyOf(seed: number): History {
  const random = randomOf(seed)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
  const history: History = { events: [], states: [[]], pick }
  let rows: DossierRow[] = []
  for (let n = 1; n <= events; n++) {
    if (rows.length < 2 || random() < 0.15) {
      const made = dossier(`dossier-${n}`, n)
      history.events.push(stamped({ type: 'dossier.created', dossier: made }, n))
      rows = [...rows, rowOf(made)]
    } else {
      const concerned = new Map<Id, Partial<DossierFields>>(
        [0, 1, 2].slice(0, 1 + Math.floor(random() * 3)).map(() => [pick(rows).id, someFields()]),
      )
      history.events.push(changed(n, ...rows.flatMap((row): [Id, FieldChanges][] => changesOf(row, concerned.get(row.id)))))
      rows = rows.map((row) => (concerned.has(row.id) ? { ...row, ...concerned.get(row.id), at: n, changedAt: n } : row))
    }
    history.states.push(rows)
  }
  return history

  function someFields(): Partial<DossierFields> {
    const title = pick(['Works', 'Second home', 'Pension review'])
    const stageId = pick(stages).id
    return pick<Partial<DossierFields>>([
      { title },
      { stageId, stageSince: pick([1, 2, 3]) },
      { ownerId: pick([null, 'owner-ana']), title },
    ])
  }
}

function changesOf(row: DossierRow, fields: Partial<DossierFields> | undefined): [Id, FieldChanges][] {
  if (!fields) return []
  const before = row as unknown as DossierFields
  return [[row.id, Object.fromEntries(Object.entries(fields).map(([f, after]) => [f, [before[f as keyof DossierFields], after]]))]]
}

const rowsOf = (screen: Workspace) => [...screen.rows.values()].toSorted((a, b) => a.id.localeCompare(b.id))
const sorted = (rows: DossierRow[] | undefined) => (rows ?? []).toSorted((a, b) => a.id.localeCompare(b.id))
const shuffled = <T>(things: readonly T[], pick: History['pick']) =>
  things
    .map((thing) => ({ thing, key: pick(Array.from({ length: 1000 }, (_, i) => i)) }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ thing }) => thing)

describe.each(Array.from({ length: 20 }, (_, i) => 4711 + i))('a random history, seed %i', (seed) => {
  const { events: log, states, pick } = historyOf(seed)

  it('L1 applied in order gives every state on its way', () => {
    const screen = workspace()
    for (const event of log) {
      applyEvent(screen, event)
      expect(rowsOf(screen)).toEqual(sorted(states[event.n]))
    }
  })

  it('L3 a screen that begins anywhere, and gets what it has again, comes out the same', () => {
    const at = pick(log).n
    const from = pick(log.slice(0, at)).n
    const screen = workspace(...(states[at] ?? []))
    for (const event of log.slice(from - 1)) applyEvent(screen, event)
    expect(rowsOf(screen)).toEqual(sorted(states[events]))
  })

  it('L3 events that come again between the others change nothing', () => {
    const screen = workspace()
    for (const event of log) {
      applyEvent(screen, event)
      expect(applyEvent(screen, event).rows).toEqual([])
      expect(applyEvent(screen, pick(log.slice(0, event.n))).rows).toEqual([])
    }
    expect(rowsOf(screen)).toEqual(sorted(states[events]))
  })

  it('L3 on a screen that is up to date, all of them again in any order change nothing', () => {
    const screen = workspace(...(states[events] ?? []))
    for (const event of shuffled(log, pick)) expect(applyEvent(screen, event)).toEqual(untouched)
    expect(rowsOf(screen)).toEqual(sorted(states[events]))
  })

  it('L4 a change and its inverse leave each row as it was, but for number and time', () => {
    const screen = workspace(...(states[events] ?? []))
    const [row] = sorted(states[events])
    if (!row) throw new Error('a history has dossiers')
    const [change] = changesOf(row, { title: 'Taken back', stageId: pick(stages).id, amount: 5 })
    if (!change) throw new Error('fields were given')
    applyEvent(screen, changed(events + 1, change))
    expect(screen.rows.get(row.id)?.title).toBe('Taken back')
    applyEvent(screen, changed(events + 2, [row.id, inverse(change[1])]))
    expect(screen.rows.get(row.id)).toEqual({ ...row, at: events + 2, changedAt: events + 2 })
  })
})
