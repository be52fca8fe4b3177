import { expect, it } from 'vitest'
import type { Make } from '../contract.ts'
import { seed, seeded } from '../random.ts'
import { aCommit, aDossier, anAppend, anOfficeIn, aSetting, freshId, put, someone } from '../samples.ts'

/** A snapshot up to this update; its bytes are nothing to the store. */
function aSnapshot(seq: number) {
  return { seq, bytes: new Uint8Array([seq, 0, 7]), vector: new Uint8Array([1, seq]) }
}

/** The logs of notes: order, races, fences; client ids that are never granted twice. */
export function noteContract(make: Make): void {
  it('a note nobody wrote in is epoch 1 with no updates', async () => {
    const { store } = await make()
    expect(await store.note(await anOfficeIn(store), freshId())).toEqual({ epoch: 1, snapshot: null, updates: [] })
  })

  it('updates come back ascending and byte for byte, after a restart too', async () => {
    const { store, reopen } = await make()
    const officeId = await anOfficeIn(store)
    const note = freshId()
    const random = seeded(seed)
    const appends = Array.from({ length: 12 }, (_, i) => {
      const bytes = Uint8Array.from({ length: i === 11 ? 300_000 : 1 + random.int(200) }, () => random.int(256))
      return anAppend(officeId, note, i + 1, { bytes, memberId: freshId() })
    })
    for (const append of appends) expect(await store.appendNotes([append])).toEqual(['stored'])
    const expected = { epoch: 1, snapshot: null, updates: appends.map(({ seq, memberId, at, bytes }) => ({ seq, memberId, at, bytes })) }
    expect(await store.note(officeId, note)).toEqual(expected)
    expect(await (await reopen()).note(officeId, note)).toEqual(expected)
  })

  it('a note is read on from a number: the updates beyond it, and the snapshot only where that reaches further', async () => {
    const { store } = await make()
    const officeId = await anOfficeIn(store)
    const note = freshId()
    await store.appendNotes(Array.from({ length: 6 }, (_, i) => anAppend(officeId, note, i + 1)))
    const seqs = async (epoch: number, seq: number) => {
      const { snapshot, updates } = await store.note(officeId, note, { epoch, seq })
      return [snapshot?.seq ?? null, updates.map((update) => update.seq)]
    }
    expect(await seqs(1, 4)).toEqual([null, [5, 6]])
    expect(await seqs(1, 6)).toEqual([null, []])
    expect(await store.compactNote(officeId, note, 1, aSnapshot(4))).toBe('done')
    expect(await seqs(1, 0)).toEqual([4, [5, 6]])
    expect(await seqs(1, 3)).toEqual([4, [5, 6]])
    expect(await seqs(1, 4)).toEqual([null, [5, 6]])
    expect(await seqs(1, 5)).toEqual([null, [6]])
    const { seq: _, ...text } = aSnapshot(0)
    expect(await store.rebuildNote(officeId, note, 1, text)).toBe('done')
    await store.appendNotes([anAppend(officeId, note, 1, { epoch: 2 })])
    // of another epoch: everything
    expect(await seqs(1, 5)).toEqual([0, [1]])
    expect(await seqs(2, 0)).toEqual([0, [1]])
    expect(await seqs(2, 1)).toEqual([null, []])
  })

  it('several updates of several notes are stored in one go, in order', async () => {
    const { store } = await make()
    const officeId = await anOfficeIn(store)
    const [a, b] = [freshId(), freshId()]
    const appends = [anAppend(officeId, a, 1), anAppend(officeId, b, 1), anAppend(officeId, a, 2), anAppend(officeId, a, 3)]
    expect(await store.appendNotes(appends)).toEqual(['stored', 'stored', 'stored', 'stored'])
    expect((await store.note(officeId, a)).updates.map((update) => update.seq)).toEqual([1, 2, 3])
    expect((await store.note(officeId, b)).updates.map((update) => update.seq)).toEqual([1])
    expect(await store.appendNotes([])).toEqual([])
  })

  it('a number that is taken, a number that leaves a gap and another epoch are raced; the others of the batch are stored', async () => {
    const { store } = await make()
    const officeId = await anOfficeIn(store)
    const [a, b] = [freshId(), freshId()]
    await store.appendNotes([anAppend(officeId, a, 1, { bytes: new Uint8Array([1]) })])
    const results = await store.appendNotes([
      anAppend(officeId, a, 1, { bytes: new Uint8Array([2]) }),
      anAppend(officeId, a, 3),
      anAppend(officeId, a, 2, { epoch: 2 }),
      anAppend(officeId, a, 0),
      anAppend(officeId, b, 1),
      anAppend(officeId, a, 2),
      anAppend(officeId, b, 3),
    ])
    expect(results).toEqual(['raced', 'raced', 'raced', 'raced', 'stored', 'raced', 'raced'])
    expect((await store.note(officeId, a)).updates.map((update) => [update.seq, update.bytes[0]])).toEqual([[1, 1]])
    expect(await store.appendNotes([anAppend(officeId, a, 2)])).toEqual(['stored'])
  })

  it('what follows an append that was not stored is not stored either, though its number is free: it may build on it', async () => {
    const { store } = await make()
    const officeId = await anOfficeIn(store)
    const [a, b] = [freshId(), freshId()]
    const fence = await store.fence(officeId, a)
    await store.appendNotes([anAppend(officeId, a, 1)])
    expect(await store.appendNotes([anAppend(officeId, a, 1), anAppend(officeId, a, 2), anAppend(officeId, b, 1)])).toEqual([
      'raced',
      'raced',
      'stored',
    ])
    const fenced = [anAppend(officeId, a, 2, { fence: fence + 1 }), anAppend(officeId, a, 2), anAppend(officeId, a, 3)]
    expect(await store.appendNotes(fenced)).toEqual(['fenced', 'raced', 'raced'])
    expect((await store.note(officeId, a)).updates.map(({ seq }) => seq)).toEqual([1])
  })

  it('a note that is rebuilt stands under the next epoch with the new text alone; the old epoch takes nothing any more', async () => {
    const { store, reopen } = await make()
    const officeId = await anOfficeIn(store)
    const [note, other] = [freshId(), freshId()]
    await store.appendNotes([anAppend(officeId, note, 1), anAppend(officeId, note, 2), anAppend(officeId, other, 1)])
    await store.compactNote(officeId, note, 1, aSnapshot(1))
    const { bytes, vector } = aSnapshot(0)
    expect(await store.rebuildNote(officeId, note, 2, { bytes, vector })).toBe('raced')
    expect(await store.rebuildNote(officeId, note, 1, { bytes, vector })).toBe('done')
    expect(await store.rebuildNote(officeId, note, 1, { bytes, vector })).toBe('raced')
    const rebuilt = { epoch: 2, snapshot: { seq: 0, bytes, vector }, updates: [] }
    expect(await store.note(officeId, note)).toEqual(rebuilt)
    expect(await store.appendNotes([anAppend(officeId, note, 3), anAppend(officeId, note, 3, { epoch: 2 })])).toEqual(['raced', 'raced'])
    expect(await store.compactNote(officeId, note, 1, aSnapshot(2))).toBe('raced')
    expect(await store.appendNotes([anAppend(officeId, note, 1, { epoch: 2 })])).toEqual(['stored'])
    expect(await store.noteLengths(officeId, [note, other])).toEqual(
      new Map([
        [note, 1],
        [other, 1],
      ]),
    )
    const { updates, ...rest } = await (await reopen()).note(officeId, note)
    expect({ ...rest, updates: updates.length }).toEqual({ ...rebuilt, updates: 1 })
  })

  it('of appends started together for one number exactly one is stored', async () => {
    const { store } = await make()
    const officeId = await anOfficeIn(store)
    const note = freshId()
    const results = await Promise.all(Array.from({ length: 20 }, () => store.appendNotes([anAppend(officeId, note, 1)])))
    expect(results.flat().filter((result) => result === 'stored')).toHaveLength(1)
    expect(results.flat().filter((result) => result === 'raced')).toHaveLength(19)
  })

  it('an append before the withdrawal is stored, one that was judged before it and comes after is fenced', async () => {
    const { store } = await make()
    const officeId = await anOfficeIn(store)
    const note = freshId()
    const fence = await store.fence(officeId, note)
    expect(await store.appendNotes([anAppend(officeId, note, 1, { fence })])).toEqual(['stored'])
    await store.commit(aCommit(officeId, 1, { fences: [note] }))
    expect(await store.appendNotes([anAppend(officeId, note, 2, { fence })])).toEqual(['fenced'])
    expect((await store.note(officeId, note)).updates).toHaveLength(1)
    const judgedAgain = await store.fence(officeId, note)
    expect(judgedAgain).not.toBe(fence)
    expect(await store.appendNotes([anAppend(officeId, note, 2, { fence: judgedAgain })])).toEqual(['stored'])
  })

  it('append and withdrawal started together end as one of the two orders', async () => {
    const { store } = await make()
    const officeId = await anOfficeIn(store)
    for (let i = 0; i < 20; i++) {
      const note = freshId()
      const fence = await store.fence(officeId, note)
      const append = () => store.appendNotes([anAppend(officeId, note, 1, { fence })])
      const withdraw = () => store.commit(aCommit(officeId, 1, { fences: [note] }))
      const first = i % 2 ? append() : withdraw().then(() => null)
      const second = i % 2 ? withdraw().then(() => null) : append()
      const result = (await Promise.all([first, second])).flatMap((results) => results ?? [])[0]
      const stored = (await store.note(officeId, note)).updates.length
      expect([result, stored]).toEqual(result === 'stored' ? ['stored', 1] : ['fenced', 0])
      expect(await store.appendNotes([anAppend(officeId, note, stored + 1, { fence })])).toEqual(['fenced'])
    }
  })

  it('a change of a member’s reach fences every note of the office, and none of another', async () => {
    const { store } = await make()
    const [officeId, elsewhere] = [await anOfficeIn(store), await anOfficeIn(store)]
    const notes = Array.from({ length: 300 }, freshId)
    const before = await Promise.all(notes.map((note) => store.fence(officeId, note)))
    await store.commit(aCommit(officeId, 1, { fences: 'all' }))
    const results = await store.appendNotes(notes.map((note, i) => anAppend(officeId, note, 1, { fence: before[i] ?? -1 })))
    expect(new Set(results)).toEqual(new Set(['fenced']))
    const others = await store.appendNotes(notes.map((note) => anAppend(elsewhere, note, 1)))
    expect(new Set(others)).toEqual(new Set(['stored']))
  })

  it('a withdrawal that is not done raises no fence', async () => {
    const { store } = await make()
    const officeId = await anOfficeIn(store)
    const note = freshId()
    const fence = await store.fence(officeId, note)
    expect(await store.commit(aCommit(officeId, 7, { fences: 'all' }))).toEqual({ kind: 'moved' })
    expect(await store.fence(officeId, note)).toBe(fence)
  })

  it('a withdrawn note leaves most other notes alone', async () => {
    const { store } = await make()
    const officeId = await anOfficeIn(store)
    const notes = Array.from({ length: 500 }, freshId)
    await store.commit(aCommit(officeId, 1, { fences: [freshId()] }))
    const results = await store.appendNotes(notes.map((note) => anAppend(officeId, note, 1)))
    expect(results.filter((result) => result === 'stored').length).toBeGreaterThan(400)
  })

  it('a client id of a note is granted once, also across restarts and members, and never 1', async () => {
    const { store, reopen } = await make()
    const officeId = await anOfficeIn(store)
    const [note, other, member] = [freshId(), freshId(), freshId()]
    const early = await Promise.all(Array.from({ length: 20 }, (_, i) => store.grantClient(officeId, note, i % 2 ? someone : member)))
    const elsewhere = await store.grantClient(officeId, other, someone)
    const again = await reopen()
    const late = await Promise.all(Array.from({ length: 20 }, () => again.grantClient(officeId, note, member)))
    const granted = [...early, ...late]
    expect(new Set(granted).size).toBe(40)
    for (const client of [...granted, elsewhere]) {
      expect(Number.isInteger(client) && client >= 2 && client < 2 ** 32).toBe(true)
    }
    const ascending = (a: number, b: number) => a - b
    const expected = early.filter((_, i) => i % 2).sort(ascending)
    expect((await again.clientsOf(officeId, note, someone)).sort(ascending)).toEqual(expected)
    expect(await again.clientsOf(officeId, note, member)).toHaveLength(30)
    expect(await again.clientsOf(officeId, other, someone)).toEqual([elsewhere])
    expect(await again.clientsOf(officeId, other, member)).toEqual([])
  })

  it('a snapshot takes the place of the updates it is made of; the numbers go on, after a restart too', async () => {
    const { store, reopen } = await make()
    const officeId = await anOfficeIn(store)
    const [note, other] = [freshId(), freshId()]
    await store.appendNotes([1, 2, 3].map((seq) => anAppend(officeId, note, seq)))
    await store.appendNotes([anAppend(officeId, other, 1)])
    expect(await store.compactNote(officeId, note, 1, aSnapshot(2))).toBe('done')
    expect(await store.note(officeId, note)).toMatchObject({ epoch: 1, snapshot: aSnapshot(2), updates: [{ seq: 3 }] })
    expect(await store.compactNote(officeId, note, 1, aSnapshot(3))).toBe('done')
    const reopened = await reopen()
    expect(await reopened.note(officeId, note)).toEqual({ epoch: 1, snapshot: aSnapshot(3), updates: [] })
    for (const seq of [3, 5]) expect(await reopened.appendNotes([anAppend(officeId, note, seq)])).toEqual(['raced'])
    expect(await reopened.appendNotes([anAppend(officeId, note, 4)])).toEqual(['stored'])
    expect((await reopened.note(officeId, other)).updates).toHaveLength(1)
    expect(await reopened.noteLengths(officeId, [note, other, freshId()])).toEqual(
      new Map([
        [note, 4],
        [other, 1],
      ]),
    )
  })

  it('a snapshot of another epoch, of more than there is, or no newer than the one before is raced: nothing is written', async () => {
    const { store } = await make()
    const officeId = await anOfficeIn(store)
    const note = freshId()
    await store.appendNotes([1, 2, 3].map((seq) => anAppend(officeId, note, seq)))
    await store.compactNote(officeId, note, 1, aSnapshot(2))
    const before = await store.note(officeId, note)
    for (const [epoch, seq] of [
      [2, 3],
      [1, 4],
      [1, 2],
      [1, 1],
    ] as const)
      expect(await store.compactNote(officeId, note, epoch, aSnapshot(seq))).toBe('raced')
    expect(await store.note(officeId, note)).toEqual(before)
  })

  it('a dossier that is dropped takes its note along, snapshot and all', async () => {
    const { store } = await make()
    const dossier = aDossier()
    const officeId = await anOfficeIn(store, [put.dossier(dossier)])
    await store.appendNotes([1, 2].map((seq) => anAppend(officeId, dossier.id, seq)))
    await store.compactNote(officeId, dossier.id, 1, aSnapshot(1))
    await store.commit(aCommit(officeId, 1, { drops: [{ kind: 'dossier', id: dossier.id }], events: [aSetting(2)] }))
    expect(await store.get(officeId, 'dossier', dossier.id)).toBeNull()
    expect(await store.note(officeId, dossier.id)).toEqual({ epoch: 1, snapshot: null, updates: [] })
  })
}
