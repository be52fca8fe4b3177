import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DossierRow } from '#shared/contracts/dossier.ts'
import { newMember, type Member } from '#shared/contracts/member.ts'
import type { Frame } from '#shared/contracts/office.ts'
import type { Stage } from '#shared/contracts/stage.ts'
import { actorOf } from '#shared/domain/access.ts'
import { noFilter } from './board-filter.ts'
import { BoardColumns, type ColumnsInput, medianDays, pastTime, unownedOnTop } from './columns.ts'
import { sampleRow } from './sample-row.fixture.ts'

const dayMs = 86_400_000
const now = 1_000 * dayMs
const stage = (id: string, more: Partial<Stage> = {}): Stage => ({ id, names: { en: id }, closing: false, usualDays: 14, ...more })
const stages = [stage('stage-created-1'), stage('stage-documents'), stage('stage-closed-01', { closing: true })]
const [created, documents, closing] = stages.map((s) => s.id) as [string, string, string]

const board = (rows: DossierRow[], more: Partial<ColumnsInput> = {}) =>
  new BoardColumns({ stages, rows, filter: noFilter, onTop: () => false, now, ...more })
const daysAgo = (days: number) => now - days * dayMs
const numbers = (columns: BoardColumns, stageId: string) => columns.column(stageId)?.cards.map((c) => c.number)

describe('columns', () => {
  it('hold the open dossiers of a stage, longest in the stage first, with their sum', () => {
    const rows = [
      sampleRow({ number: 'B', stageSince: daysAgo(3), amount: 200 }),
      sampleRow({ number: 'A', stageSince: daysAgo(3), amount: null }),
      sampleRow({ number: 'C', stageSince: daysAgo(9), amount: 50 }),
      sampleRow({ number: 'D', status: 'abandoned' }),
      sampleRow({ number: 'E', status: 'closed', stageId: closing }),
      sampleRow({ number: 'F', status: 'client', stageId: documents }),
    ]
    const columns = board(rows)
    expect(numbers(columns, created)).toEqual(['C', 'A', 'B'])
    expect(numbers(columns, documents)).toEqual(['F'])
    expect(columns.column(created)?.sum).toBe(250)
    expect(columns.column(closing)).toBeUndefined()
    expect(columns.closed).toBe(1)
  })

  it('S1.7 put the unowned dossiers this member has to see to on top, unmoved by how long they are there', () => {
    const unowned = sampleRow({ number: 'new, unowned', ownerId: null, stageSince: daysAgo(0) })
    const columns = board([sampleRow({ number: 'old', stageSince: daysAgo(50) }), unowned], { onTop: (row) => row.ownerId === null })
    expect(numbers(columns, created)).toEqual(['new, unowned', 'old'])
    expect(columns.column(created)?.onTop).toBe(1)
    columns.apply([{ dossierId: unowned.id, after: { ...unowned, ownerId: 'owner-bo-0000001' } }])
    expect(numbers(columns, created)).toEqual(['old', 'new, unowned'])
    expect(columns.column(created)?.onTop).toBe(0)
  })

  it('let a moved card leave one column and enter the other, and replace only the columns concerned', () => {
    const [card, other] = [sampleRow({ amount: 7 }), sampleRow({ amount: 1 })]
    const elsewhere = sampleRow({ stageId: documents })
    const columns = board([card, other, elsewhere])
    const before = { created: columns.column(created), documents: columns.column(documents) }
    columns.apply([{ dossierId: card.id, after: { ...card, stageId: closing, status: 'closed' } }])
    expect(columns.column(created)?.cards).toEqual([other])
    expect(columns.column(created)?.sum).toBe(1)
    expect(columns.closed).toBe(1)
    expect(columns.column(created)).not.toBe(before.created)
    expect(columns.column(documents)).toBe(before.documents)
    expect(columns.place(card.id)).toBeNull()
    expect(columns.place(other.id)).toEqual({ stageId: created, index: 0 })
  })

  it('take the same change twice without a second card', () => {
    const card = sampleRow()
    const after = { ...card, stageId: documents }
    const columns = board([card])
    columns.apply([{ dossierId: card.id, after }])
    columns.apply([{ dossierId: card.id, after }])
    expect(columns.column(documents)?.cards).toEqual([after])
  })

  it('lose a dossier that may no longer be seen', () => {
    const card = sampleRow()
    const columns = board([card])
    columns.apply([{ dossierId: card.id, after: undefined }])
    expect(columns.column(created)?.cards).toEqual([])
    expect(columns.facets().owners.size).toBe(0)
  })

  it('S0.4 offer only owners who hold something, with counts that the owner filter leaves alone', () => {
    const [ana, bo] = ['owner-ana-000001', 'owner-bo-0000001']
    const lyon = 'division-lyon-01'
    const last = sampleRow({ ownerId: bo, divisionId: lyon })
    const columns = board([sampleRow({ ownerId: ana }), sampleRow({ ownerId: ana }), last], { filter: { ...noFilter, ownerIds: [ana] } })
    expect(columns.facets().owners).toEqual(
      new Map([
        [ana, 2],
        [bo, 1],
      ]),
    )
    expect(columns.facets().divisions).toEqual(new Map([['none', 2]]))
    columns.apply([{ dossierId: last.id, after: { ...last, ownerId: ana } }])
    expect(columns.facets().owners).toEqual(new Map([[ana, 3]]))
    columns.apply([{ dossierId: last.id, after: last }])
    expect(columns.facets().owners.get(bo)).toBe(1)
  })

  it('narrowed to what is past its time, show only that', () => {
    const rows = [sampleRow({ number: 'in time', stageSince: daysAgo(14) }), sampleRow({ number: 'late', stageSince: daysAgo(15) })]
    expect(numbers(board(rows, { filter: { ...noFilter, pastTime: true } }), created)).toEqual(['late'])
  })

  it('changed one by one, equal columns built afresh', () => {
    const row = fc.record({
      id: fc.integer({ min: 0, max: 12 }).map((n) => `dossier-same-${n}`),
      stageId: fc.constantFrom(created, documents, closing),
      status: fc.constantFrom('prospect', 'client', 'abandoned', 'closed'),
      ownerId: fc.constantFrom(null, 'owner-ana-000001', 'owner-bo-0000001'),
      stageSince: fc.integer({ min: 0, max: 40 }).map(daysAgo),
      amount: fc.option(fc.integer({ min: 0, max: 9 })),
      gone: fc.boolean(),
    })
    const filters = [noFilter, { ...noFilter, ownerIds: ['none'] }, { ...noFilter, pastTime: true }]
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), fc.constantFrom(...filters), (changes, filter) => {
        const onTop = (r: Pick<DossierRow, 'ownerId'>) => r.ownerId === null
        const columns = board([], { filter, onTop })
        const held = new Map<string, DossierRow>()
        for (const { gone, ...fields } of changes) {
          const after = gone ? undefined : sampleRow({ ...fields, number: fields.id } as Partial<DossierRow>)
          if (after) held.set(after.id, after)
          else held.delete(fields.id)
          columns.apply([{ dossierId: fields.id, after }])
        }
        const fresh = board([...held.values()], { filter, onTop })
        for (const id of [created, documents]) expect(columns.column(id)).toEqual(fresh.column(id))
        expect(columns.closed).toBe(fresh.closed)
        expect(columns.facets()).toEqual(fresh.facets())
      }),
    )
  })

  it('take a delivery with one change at 20,000 open dossiers in less than 2 ms', () => {
    const rows = Array.from({ length: 20_000 }, (_, i) =>
      sampleRow({ stageId: i % 5 === 0 ? documents : created, stageSince: daysAgo((i * 7919) % 900), ownerId: `owner-${i % 30}` }),
    )
    const columns = board(rows)
    const rounds = 500
    const startedAt = performance.now()
    for (let i = 0; i < rounds; i++) {
      const card = rows[(i * 37) % rows.length]!
      columns.apply([
        { dossierId: card.id, after: { ...card, stageId: card.stageId === created ? documents : created, stageSince: now + i } },
      ])
      for (const s of [created, documents]) medianDays(columns.column(s)!, now)
    }
    expect((performance.now() - startedAt) / rounds).toBeLessThan(2)
    expect(columns.column(created)!.cards.length + columns.column(documents)!.cards.length).toBe(20_000)
  })
})

describe('figures of a column', () => {
  const column = (days: number[], unownedDays: number[] = []) =>
    board(
      [
        ...days.map((d) => sampleRow({ stageSince: daysAgo(d) })),
        ...unownedDays.map((d) => sampleRow({ stageSince: daysAgo(d), ownerId: null })),
      ],
      { onTop: (row) => row.ownerId === null },
    ).column(created)!

  it('the median is the middle of the days in the stage, whoever stands on top', () => {
    expect(medianDays(column([]), now)).toBeNull()
    expect(medianDays(column([4]), now)).toBe(4)
    expect(medianDays(column([1, 2, 30]), now)).toBe(2)
    expect(medianDays(column([10, 2]), now)).toBe(6)
    expect(medianDays(column([1, 2, 30], [3, 40]), now)).toBe(3)
    expect(medianDays(column([5], [1, 9]), now)).toBe(5)
  })

  it('past its time is who stands longer than the usual days, unowned ones on top included', () => {
    expect(pastTime(column([14, 15, 400], [3, 20]), stages[0]!, now)).toBe(3)
    expect(pastTime(column([400]), stage('s', { usualDays: null }), now)).toBe(0)
  })
})

describe('S1.7 an unowned dossier', () => {
  const member = (id: string, role: Member['role'], divisionIds: string[], state: Member['state'] = 'active'): Member => ({
    ...{ id, name: id, email: '', role, divisionIds, language: 'en', ...newMember, state, colour: 0 },
  })
  const frame = (members: Member[]): Frame => ({
    office: { id: 'o', name: '', language: 'en', currency: 'EUR', timeZone: 'UTC', divisionsOn: true, seesWhat: 'everyone' },
    ...{ members, owners: [], divisions: [], stages },
  })
  const office = frame([
    member('admin', 'admin', []),
    member('manager', 'manager', ['lyon']),
    member('adviser', 'adviser', ['lyon', 'koln']),
    member('invited', 'manager', ['koln'], 'invited'),
  ])
  const onTopOf = (divisionId: string | null, ownerId: string | null = null) =>
    ['admin', 'manager', 'adviser'].filter((id) => unownedOnTop(office, actorOf(office, id))({ ownerId, divisionId }))

  it('S1.7 stands on top for the managers of its division', () => {
    expect(onTopOf('lyon')).toEqual(['manager'])
  })
  it('S1.7 else for the admins: without a division, or without a manager who can act', () => {
    expect(onTopOf(null)).toEqual(['admin'])
    expect(onTopOf('koln')).toEqual(['admin'])
  })
  it('S1.7 and one that has an owner stands on top for nobody', () => {
    expect(onTopOf('lyon', 'owner-ana-000001')).toEqual([])
  })
})
