import { describe, expect, it } from 'vitest'
import type { DossierRow, Status } from '#shared/contracts/dossier.ts'
import { defaultQuery, type ListQuery } from './list-query.ts'
import { Listing, type RowChange, shiftOf } from './listing.ts'
import type { Ranks } from './order.ts'

const ranks: Ranks = {
  owner: new Map([
    ['owner-ana-000001', 0],
    ['owner-bo-0000001', 1],
  ]),
  division: new Map([['division-lyon-01', 0]]),
  stage: new Map([
    ['stage-first-0001', 0],
    ['stage-second-001', 1],
  ]),
}

function row(n: number, fields: Partial<DossierRow> = {}): DossierRow {
  return {
    id: `dossier-${String(n).padStart(8, '0')}`,
    at: 1,
    number: `2026-${String(n).padStart(5, '0')}`,
    clientId: 'client-00000001',
    clientName: `Client ${n}`,
    partnerName: '',
    title: 'First home',
    kind: 'mortgage',
    ownerId: 'owner-ana-000001',
    divisionId: null,
    readerIds: [],
    status: 'client',
    stageId: 'stage-first-0001',
    stageSince: 0,
    amount: 100_00,
    createdOn: '2026-01-01',
    changedAt: n,
    ...fields,
  }
}

const byChange: ListQuery = { ...defaultQuery, sort: 'changed', descending: true }

function listing(rows: DossierRow[], query: Partial<ListQuery> = {}): Listing {
  return new Listing(rows, { ...byChange, ...query }, ranks)
}
function numbers(list: Listing): number[] {
  return list.rows.map(({ number }) => Number(number.slice(5)))
}
function change(after: DossierRow, mine = false): RowChange {
  return { id: after.id, after, mine }
}

describe('the order stands still', () => {
  it('updates a row in place although it would now stand elsewhere', () => {
    const list = listing([row(1), row(2), row(3)])
    list.apply([change(row(1, { changedAt: 99, title: 'Works' }))])
    expect(numbers(list)).toEqual([3, 2, 1])
    expect(list.rows[2]?.title).toBe('Works')
  })

  it('puts everything in order afresh when the sort changes', () => {
    const list = listing([row(1), row(2), row(3)])
    list.apply([change(row(1, { changedAt: 99 }))])
    list.setQuery({ ...byChange })
    expect(numbers(list)).toEqual([1, 3, 2])
  })

  it('lets what others make match wait, and shows it in its place when asked', () => {
    const list = listing([row(1), row(2), row(3, { status: 'prospect' })])
    const moved = list.apply([change(row(3, { changedAt: 50 })), change(row(4, { changedAt: 60 }))])
    expect(moved).toEqual({ removed: [], inserted: [] })
    expect(numbers(list)).toEqual([2, 1])
    expect(list.waiting).toBe(2)
    expect(list.counts.matches).toBe(4)
    list.takeWaiting()
    expect(numbers(list)).toEqual([4, 3, 2, 1])
    expect(list.waiting).toBe(0)
  })

  it('forgets a waiting row that stops matching or goes away', () => {
    const list = listing([row(1)])
    list.apply([change(row(2)), change(row(3))])
    list.apply([change(row(2, { status: 'closed' })), { id: row(3).id, after: undefined, mine: false }])
    expect(list.waiting).toBe(0)
  })

  it('takes in what this member does at once, where it belongs', () => {
    const list = listing([row(10), row(30)])
    const moved = list.apply([change(row(20), true)])
    expect(numbers(list)).toEqual([30, 20, 10])
    expect(moved.inserted).toEqual([1])
  })

  it('lets rows that stop matching leave, and says from where', () => {
    const list = listing([row(1), row(2), row(3), row(4)])
    const moved = list.apply([change(row(3, { status: 'abandoned' })), { id: row(1).id, after: undefined, mine: false }])
    expect(numbers(list)).toEqual([4, 2])
    expect(moved.removed).toEqual([1, 3])
  })

  it('keeps the order over a fresh snapshot, and lets what it brings wait', () => {
    const kept = row(2)
    const list = listing([row(1), kept, row(3)])
    const moved = list.reconcile([kept, row(1, { title: 'Works' }), row(9)])
    expect(numbers(list)).toEqual([2, 1])
    expect(list.rows[1]?.title).toBe('Works')
    expect(moved.removed).toEqual([0])
    expect(list.waiting).toBe(1)
  })
})

describe('how far what is being read was shifted', () => {
  it('counts what went and came above the first row in sight, and nothing below it', () => {
    expect(shiftOf({ removed: [0, 1, 5], inserted: [] }, 5)).toBe(-2)
    expect(shiftOf({ removed: [], inserted: [0, 4, 8] }, 5)).toBe(2)
    expect(shiftOf({ removed: [1], inserted: [0] }, 3)).toBe(0)
  })
  it('is nothing at the top of the list', () => {
    expect(shiftOf({ removed: [0], inserted: [0] }, 0)).toBe(0)
  })
})

describe('filters and search', () => {
  it('finds by number, title and both names, accents folded, every word', () => {
    const list = listing([
      row(1, { clientName: 'Mélisande Blanchard', partnerName: 'Jørgen Sæby', title: 'Zweitwohnung Süd' }),
      row(2, { clientName: 'Melis Andersen' }),
    ])
    const found = (search: string) => {
      list.setQuery({ ...byChange, search })
      return numbers(list)
    }
    expect(found('melis')).toEqual([2, 1])
    expect(found('MÉLIS blanch')).toEqual([1])
    expect(found('jorgen saeby')).toEqual([1])
    expect(found('sud 00001')).toEqual([1])
    expect(found('nobody')).toEqual([])
  })

  it('takes any of several values of one filter, and all filters together', () => {
    const rows = [
      row(1, { ownerId: null }),
      row(2, { ownerId: 'owner-bo-0000001', divisionId: 'division-lyon-01' }),
      row(3, { divisionId: 'division-lyon-01' }),
    ]
    expect(numbers(listing(rows, { owners: [null, 'owner-bo-0000001'] }))).toEqual([2, 1])
    expect(numbers(listing(rows, { owners: [null, 'owner-bo-0000001'], divisions: ['division-lyon-01'] }))).toEqual([2])
  })
})

describe('sorting', () => {
  it('puts what has no amount last in either direction', () => {
    const rows = [row(1, { amount: null }), row(2, { amount: 5 }), row(3, { amount: 7 })]
    expect(numbers(listing(rows, { sort: 'amount', descending: false }))).toEqual([2, 3, 1])
    expect(numbers(listing(rows, { sort: 'amount', descending: true }))).toEqual([3, 2, 1])
  })
  it('puts unowned dossiers on top by owner, and equals by number, newest first', () => {
    const rows = [row(1, { ownerId: 'owner-bo-0000001' }), row(2), row(3), row(4, { ownerId: null })]
    expect(numbers(listing(rows, { sort: 'owner', descending: false }))).toEqual([4, 3, 2, 1])
  })
  it('puts stages in the order of the office, the longest in a stage first', () => {
    const rows = [row(1, { stageId: 'stage-second-001' }), row(2, { stageSince: 9 }), row(3, { stageSince: 3 })]
    expect(numbers(listing(rows, { sort: 'stage', descending: false }))).toEqual([3, 2, 1])
  })
  it('sorts names without regard to accents', () => {
    const rows = [row(1, { clientName: 'Zoé' }), row(2, { clientName: 'Émile' }), row(3, { clientName: 'Daan' })]
    expect(numbers(listing(rows, { sort: 'client', descending: false }))).toEqual([3, 2, 1])
  })
})

describe('live counts', () => {
  it('S0.4 an owner whose last one went away is gone from the list’s owners, and back with the next one', () => {
    const bo = 'owner-bo-0000001'
    const list = listing([row(1), row(2, { ownerId: bo })])
    expect([...list.counts.owners.keys()].sort()).toEqual(['owner-ana-000001', bo])
    list.apply([change(row(2))])
    expect([...list.counts.owners.keys()]).toEqual(['owner-ana-000001'])
    list.apply([change(row(3, { ownerId: bo }))])
    expect(list.counts.owners.get(bo)).toBe(1)
  })

  it('S0.4 offers only owners of something in this list: not of what stands under another tab', () => {
    const list = listing([row(1), row(2, { ownerId: 'owner-bo-0000001', status: 'closed' })])
    expect([...list.counts.owners.keys()]).toEqual(['owner-ana-000001'])
  })

  it('counts each tab within the other filters, and an owner as if no owner were chosen', () => {
    const bo = 'owner-bo-0000001'
    const list = listing([row(1), row(2, { ownerId: bo }), row(3, { status: 'closed' }), row(4, { status: 'closed', ownerId: bo })], {
      owners: [bo],
    })
    expect(list.counts.tabs).toEqual({ prospect: 0, client: 1, abandoned: 0, closed: 1 })
    expect(list.counts.owners.get('owner-ana-000001')).toBe(1)
    expect(list.counts.matches).toBe(1)
  })

  it('stays what a fresh count would give, whatever happens (seed 7)', () => {
    const random = mulberry(7)
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
    const state = new Map<string, DossierRow>()
    const made = (n: number) =>
      row(n, {
        status: pick<Status>(['prospect', 'client', 'abandoned', 'closed']),
        ownerId: pick([null, 'owner-ana-000001', 'owner-bo-0000001']),
        divisionId: pick([null, 'division-lyon-01']),
        stageId: pick(['stage-first-0001', 'stage-second-001']),
        amount: pick([null, 100, 250]),
        changedAt: Math.floor(random() * 1000),
      })
    for (let n = 0; n < 200; n++) state.set(row(n).id, made(n))
    const query: Partial<ListQuery> = { owners: ['owner-ana-000001', null], stages: ['stage-first-0001'], search: '2026' }
    const list = listing([...state.values()], query)
    for (let step = 0; step < 400; step++) {
      const changes = Array.from({ length: 1 + Math.floor(random() * 4) }, (): RowChange => {
        const n = Math.floor(random() * 260)
        return { id: row(n).id, after: random() < 0.15 ? undefined : made(n), mine: random() < 0.3 }
      }).filter((one, i, every) => every.findIndex((other) => other.id === one.id) === i)
      for (const { id, after } of changes) {
        if (after) state.set(id, after)
        else state.delete(id)
      }
      list.apply(changes)
      const fresh = listing([...state.values()], query)
      expect(list.counts).toEqual(fresh.counts)
      expect(list.rows.length + list.waiting).toBe(fresh.rows.length)
      expect(new Set(list.rows.map((r) => r.id)).size).toBe(list.rows.length)
      for (const shown of list.rows) expect(state.get(shown.id)).toBe(shown)
    }
  })
})

function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
