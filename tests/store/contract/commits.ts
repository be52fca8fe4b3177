import { expect, it } from 'vitest'
import type { Id } from '#shared/contracts/ids.ts'
import type { Commit, Store } from '../../../server/store/store.ts'
import type { Make } from '../contract.ts'
import { aClient, aCommit, aDossier, aMember, anAnswer, anEdit, anEvent, anOfficeIn, aSetting, freshId, put, someone } from '../samples.ts'
import { everything } from './everything.ts'

/** Atomicity, numbers, uniqueness. */
export function commitContract(make: Make): void {
  it('an office exists from its first event on', async () => {
    const { store } = await make()
    const officeId = freshId()
    expect(await store.offices()).toEqual([])
    expect(await store.number(officeId)).toBe(0)
    await anOfficeIn(store, [], officeId)
    expect(await store.offices()).toEqual([officeId])
    expect(await store.number(officeId)).toBe(1)
  })

  it('an office cannot be founded twice', async () => {
    const { store } = await make()
    const officeId = await anOfficeIn(store)
    const again = await store.commit(aCommit(officeId, 0, { events: [aSetting(1)], puts: [put.member(aMember())] }))
    expect(again).toEqual({ kind: 'moved' })
    expect(await store.all(officeId, 'member')).toEqual([])
  })

  it('numbers go on without a gap from commit to commit', async () => {
    const { store } = await make()
    const officeId = await anOfficeIn(store)
    expect(await store.commit(aCommit(officeId, 1, { events: [aSetting(2), aSetting(3)] }))).toEqual({ kind: 'done' })
    expect(await store.commit(aCommit(officeId, 3, { events: [aSetting(4)] }))).toEqual({ kind: 'done' })
    expect(await store.number(officeId)).toBe(4)
    expect((await store.events(officeId, 0, 100)).map((event) => event.n)).toEqual([1, 2, 3, 4])
  })

  it('a commit without events stores its answers and keeps the number', async () => {
    const { store } = await make()
    const officeId = await anOfficeIn(store)
    const refused = anAnswer({ answer: { ok: false, refusal: { code: 'notFound', what: 'dossier' } } })
    expect(await store.commit(aCommit(officeId, 1, { answers: [refused] }))).toEqual({ kind: 'done' })
    expect(await store.number(officeId)).toBe(1)
    expect(await store.answer(officeId, someone, refused.commandId)).toEqual(refused)
  })

  it('a commit that expects another number is moved and leaves nothing behind', async () => {
    for (const expected of [0, 2, 7]) {
      await leavesNothing(await make(), { expect: expected, events: [aSetting(expected + 1)] }, { kind: 'moved' })
    }
  })

  it('an answer that is there already undoes the whole commit', async () => {
    await leavesNothing(await make(), ({ known }) => ({ answers: [anAnswer(), { ...known, hash: 'other' }] }), {
      kind: 'duplicate',
      what: 'answer',
    })
  })

  it('two answers to one command in one commit undo it', async () => {
    const twice = anAnswer()
    await leavesNothing(await make(), { answers: [twice, twice] }, { kind: 'duplicate', what: 'answer' })
  })

  it('a dossier number that is taken undoes the whole commit', async () => {
    await leavesNothing(await make(), ({ number }) => ({ puts: [put.dossier(aDossier()), put.dossier(aDossier({ number }))] }), {
      kind: 'duplicate',
      what: 'dossierNumber',
    })
  })

  it('event numbers that leave a gap are thrown and leave nothing behind', async () => {
    await leavesNothing(await make(), { events: [aSetting(2), aSetting(4)] }, 'throws')
    await leavesNothing(await make(), { events: [aSetting(1)] }, 'throws')
  })

  it('an account that sits somewhere already is thrown and leaves nothing behind', async () => {
    await leavesNothing(await make(), ({ accountId }) => ({ puts: [put.member(aMember({ accountId }))] }), 'throws')
  })

  it('a dossier number is unique in its office only, and free again once given up', async () => {
    const { store } = await make()
    const dossier = aDossier()
    const officeId = await anOfficeIn(store, [put.dossier(dossier)])
    await anOfficeIn(store, [put.dossier({ ...dossier, id: freshId() })])
    const kept = await store.commit(aCommit(officeId, 1, { puts: [put.dossier({ ...dossier, title: 'The same number again' })] }))
    expect(kept).toEqual({ kind: 'done' })
    const renumbered = { ...dossier, number: 'another' }
    const taken = aDossier({ number: dossier.number })
    expect(await store.commit(aCommit(officeId, 1, { puts: [put.dossier(renumbered), put.dossier(taken)] }))).toEqual({ kind: 'done' })
    expect((await store.rows(officeId)).rows.map((row) => row.number).sort()).toEqual([dossier.number, 'another'].sort())
  })

  it('of two puts of one record in a commit the last one counts', async () => {
    const { store } = await make()
    const first = aDossier({ title: 'First words' })
    const officeId = await anOfficeIn(store, [put.dossier(first), put.dossier({ ...first, title: 'Last words' })])
    expect((await store.get(officeId, 'dossier', first.id))?.title).toBe('Last words')
    const found = await store.dossiers(officeId, { words: ['first'] }, { by: 'number', descending: false }, { offset: 0, limit: 9 })
    expect(found.total).toBe(0)
  })

  it('takes 10,000 records, their event and their histories in one commit', async () => {
    const { store, reopen } = await make()
    const officeId = await anOfficeIn(store)
    const clients = Array.from({ length: 5_000 }, () => aClient())
    const dossiers = clients.map((client) => aDossier({ clientId: client.id, at: 2 }))
    const imported = anEvent(2, { type: 'dossier.imported', clients: 5_000, dossierIds: dossiers.map((d) => d.id) })
    const puts = [...clients.map(put.client), ...dossiers.map(put.dossier)]
    expect(await store.commit(aCommit(officeId, 1, { events: [imported], puts }))).toEqual({ kind: 'done' })
    const again = await reopen()
    expect((await again.rows(officeId)).rows).toHaveLength(5_000)
    expect(await again.history(officeId, dossiers[4_999]?.id ?? '', 10)).toEqual([imported])
    expect((await again.rowsOf(officeId, [...dossiers.map((d) => d.id), freshId(), dossiers[0]?.id ?? ''])).length).toBe(5_000)
  })

  it('everything that was committed is there after the store was closed and opened again', async () => {
    const made = await make()
    const { officeId, asked } = await furnished(made.store)
    const before = await everything(made.store, officeId, asked)
    const store = await made.reopen()
    expect(await everything(store, officeId, asked)).toEqual(before)
    expect(await store.offices()).toEqual([officeId])
  })
}

/** Commits something that must not be done on an office that has a bit of everything; afterwards all must read as before. */
async function leavesNothing(
  { store }: { store: Store },
  wrong: Partial<Commit> | ((there: Awaited<ReturnType<typeof furnished>>) => Partial<Commit>),
  outcome: Awaited<ReturnType<Store['commit']>> | 'throws',
): Promise<void> {
  const there = await furnished(store)
  const { officeId, dossierId, known, asked } = there
  const added = aDossier({ title: 'Zeppelin' })
  const answer = anAnswer()
  const before = await everything(store, officeId, { ...asked, dossierIds: [...asked.dossierIds, added.id] })
  const commit = aCommit(officeId, 1, {
    events: [anEdit(2, [dossierId, added.id], { by: someone, commandId: answer.commandId })],
    puts: [put.dossier(added), put.client(aClient({ lastName: 'Zeppelin' })), put.member(aMember())],
    answers: [answer],
    fences: 'all',
  })
  const parts = typeof wrong === 'function' ? wrong(there) : wrong
  const attempt = store.commit({
    ...commit,
    ...parts,
    puts: [...commit.puts, ...(parts.puts ?? [])],
    answers: [...commit.answers, ...(parts.answers ?? [])],
  })
  if (outcome === 'throws') await expect(attempt).rejects.toThrow()
  else expect(await attempt).toEqual(outcome)
  expect(await everything(store, officeId, { ...asked, dossierIds: [...asked.dossierIds, added.id] })).toEqual(before)
  expect(await store.answer(officeId, someone, answer.commandId)).toBeNull()
  expect(await store.answer(officeId, someone, known.commandId)).toEqual(known)
}

/** An office at number 1 with a dossier, a client, a seated member, an answer, a note. */
async function furnished(store: Store) {
  const dossier = aDossier({ title: 'Zeebrugge' })
  const client = aClient({ lastName: 'Zeeman' })
  const accountId = freshId()
  const known = anAnswer()
  const officeId: Id = await anOfficeIn(store, [put.dossier(dossier), put.client(client), put.member(aMember({ accountId }))])
  await store.commit(aCommit(officeId, 1, { answers: [known] }))
  await store.appendNotes([
    { officeId, note: dossier.id, epoch: 1, seq: 1, memberId: someone, at: 5, bytes: new Uint8Array([1, 2]), fence: 0 },
  ])
  await store.grantClient(officeId, dossier.id, someone)
  const asked = {
    memberId: someone,
    commandIds: [known.commandId],
    dossierIds: [dossier.id],
    clientIds: [client.id],
    notes: [dossier.id],
    words: ['z', 'zee', 'zeppelin'],
    reach: { memberId: someone, divisionIds: [], ownerIds: [] },
  }
  return { officeId, dossierId: dossier.id, number: dossier.number, accountId, known, asked }
}
