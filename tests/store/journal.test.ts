import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { copyStore } from '../../server/keep/copy-store.ts'
import { fenceOf } from '../../server/store/fence.ts'
import { copyDatabase } from '../../server/store/sqlite/keep.ts'
import { openSqliteStore } from '../../server/store/sqlite/open.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { NoteAppend, Store } from '../../server/store/store.ts'
import { seed, seeded } from './random.ts'
import { aFolder, opened } from './folders.ts'
import { aCommit, aDossier, anAppend, anOfficeIn, freshId, put } from './samples.ts'

/** What a kill at this moment leaves: the files as they are. The journal first, as what leaves it is in the database before. */
function killedNow(dataDir: string): string {
  const image = join(aFolder(), 'image')
  mkdirSync(image)
  for (const name of ['office.db-notes', 'office.db', 'office.db-wal'])
    if (existsSync(join(dataDir, name))) copyFileSync(join(dataDir, name), join(image, name))
  return image
}

const texts = async (store: Store, officeId: Id, note: Id) =>
  (await store.note(officeId, note)).updates.map(({ seq, bytes }) => `${seq}:${bytes.length}:${bytes[0]}`)
const textOf = ({ seq, bytes }: NoteAppend) => `${seq}:${bytes.length}:${bytes[0]}`

it('what was called stored is there after a kill, for the next server, for readers and in a backup', async () => {
  const dataDir = aFolder()
  const store = await opened({ dataDir })
  const officeId = await anOfficeIn(store)
  const note = freshId()
  const appends = [1, 2, 3].map((seq) => anAppend(officeId, note, seq))
  await store.appendNotes(appends)
  const image = killedNow(dataDir)

  const backup = join(aFolder(), 'office.db')
  copyDatabase(join(image, 'office.db'), backup)
  expect(await texts(await opened({ dataDir: join(backup, '..'), readOnly: true }), officeId, note)).toEqual(appends.map(textOf))
  const reader = await opened({ dataDir: image, readOnly: true })
  expect(await texts(reader, officeId, note)).toEqual(appends.map(textOf))
  expect(await reader.noteLengths(officeId, [note])).toEqual(new Map([[note, 3]]))
  const next = await opened({ dataDir: image })
  expect(await texts(next, officeId, note)).toEqual(appends.map(textOf))
  expect(await next.appendNotes([anAppend(officeId, note, 4)])).toEqual(['stored'])
})

it('what a killed server left in its journal goes along where its folder is copied to another store', async () => {
  const dataDir = aFolder()
  const store = await opened({ dataDir })
  const officeId = await anOfficeIn(store)
  const note = freshId()
  const appends = [1, 2, 3].map((seq) => anAppend(officeId, note, seq))
  await store.appendNotes(appends)
  const [from, to] = [{ dataDir: killedNow(dataDir) }, { dataDir: join(aFolder(), 'copy') }]
  const { noteUpdates } = await copyStore({ from, to, anew: false, say: () => {} })
  expect(noteUpdates?.count).toBe(3)
  expect(await texts(await opened({ ...to, readOnly: true }), officeId, note)).toEqual(appends.map(textOf))
})

it('the journal of a server that ended in order is gone, and everything in the database', async () => {
  const dataDir = aFolder()
  const store = await openSqliteStore({ dataDir })
  const officeId = await anOfficeIn(store)
  const note = freshId()
  await store.appendNotes([anAppend(officeId, note, 1)])
  expect(existsSync(join(dataDir, 'office.db-notes'))).toBe(true)
  await store.close()
  expect(existsSync(join(dataDir, 'office.db-notes'))).toBe(false)
  expect(await texts(await opened({ dataDir, readOnly: true }), officeId, note)).toHaveLength(1)
})

it('more than the journal holds is stored all the same, in order, single updates included that are longer than it', async () => {
  const dataDir = aFolder()
  const store = await opened({ dataDir })
  const officeId = await anOfficeIn(store)
  const note = freshId()
  const sizes = [...Array.from({ length: 60 }, () => 150_000), 3_000_000, 7, 5_000_000, 9, 11]
  const appends = sizes.map((size, i) => anAppend(officeId, note, i + 1, { bytes: new Uint8Array(size).fill(i) }))
  const results = await Promise.all(appends.map((append) => store.appendNotes([append])))
  expect(results.flat()).toEqual(appends.map(() => 'stored'))
  expect(await texts(store, officeId, note)).toEqual(appends.map(textOf))
  expect(await texts(await opened({ dataDir: killedNow(dataDir) }), officeId, note)).toEqual(appends.map(textOf))
})

it('while somebody holds up the database, words are stored until the journal is full, and then wait; none is lost', async () => {
  const dataDir = aFolder()
  const store = await opened({ dataDir })
  const officeId = await anOfficeIn(store)
  const [a, b] = [freshId(), freshId()]
  await store.appendNotes([anAppend(officeId, b, 1)])
  const holder = new DatabaseSync(join(dataDir, 'office.db'))
  holder.exec('BEGIN IMMEDIATE')
  const snapshot = { seq: 1, bytes: new Uint8Array([1]), vector: new Uint8Array([2]) }
  const compacted = store.compactNote(officeId, b, 1, snapshot)
  const appends = Array.from({ length: 60 }, (_, i) => anAppend(officeId, a, i + 1, { bytes: new Uint8Array(100_000).fill(i) }))
  const stored: NoteAppend[] = []
  const results = appends.map(async (append) => {
    await store.appendNotes([append])
    stored.push(append)
  })
  await Promise.all(results.slice(0, 15))
  const again = store.compactNote(officeId, b, 1, snapshot)
  const image = killedNow(dataDir)
  const soFar = stored.map(textOf)
  expect(soFar.length).toBeLessThan(appends.length)
  holder.exec('ROLLBACK')
  holder.close()
  await Promise.all(results)
  expect(await Promise.all([compacted, again])).toEqual(['done', 'raced'])
  expect(await texts(store, officeId, a)).toEqual(appends.map(textOf))
  const next = await opened({ dataDir: image })
  expect((await texts(next, officeId, a)).slice(0, soFar.length)).toEqual(soFar)
  expect(await texts(next, officeId, b)).toHaveLength(1)
})

it('a journal that is older than the database beside it brings nothing back', async () => {
  const dataDir = aFolder()
  const store = await opened({ dataDir })
  const officeId = await anOfficeIn(store)
  const dossier = aDossier()
  await store.commit(aCommit(officeId, 1, { puts: [put.dossier(dossier)] }))
  await store.appendNotes([anAppend(officeId, dossier.id, 1)])
  const older = killedNow(dataDir)
  await store.commit(aCommit(officeId, 1, { drops: [{ kind: 'dossier', id: dossier.id }] }))
  const image = killedNow(dataDir)
  copyFileSync(join(older, 'office.db-notes'), join(image, 'office.db-notes'))
  expect(await texts(await opened({ dataDir: image, readOnly: true }), officeId, dossier.id)).toEqual([])
  expect(await texts(await opened({ dataDir: image }), officeId, dossier.id)).toEqual([])
})

it('what is erased from the database does not stay in the journal', async () => {
  const dataDir = aFolder()
  const store = await opened({ dataDir })
  const officeId = await anOfficeIn(store)
  const note = freshId()
  const canary = Buffer.from('the words of Mrs Kuhlman')
  const isInJournal = () => readFileSync(join(dataDir, 'office.db-notes')).includes(canary)
  await store.appendNotes([anAppend(officeId, note, 1, { bytes: canary })])
  expect(isInJournal()).toBe(true)
  await store.rebuildNote(officeId, note, 1, { bytes: new Uint8Array([1]), vector: new Uint8Array([2]) })
  expect(isInJournal()).toBe(false)
})

it('an append that is judged before a right is withdrawn is stored before it, one after it is fenced; neither order loses any', async () => {
  const dataDir = aFolder()
  const store = await opened({ dataDir })
  const officeId = await anOfficeIn(store)
  for (let round = 0; round < 40; round++) {
    const note = freshId()
    const fence = await store.fence(officeId, note)
    const appends = [1, 2, 3, 4, 5, 6].map(
      (seq) => () => store.appendNotes([anAppend(officeId, note, seq, { fence, bytes: new Uint8Array(round % 2 ? 400_000 : 10) })]),
    )
    const withdrawn = () => store.commit(aCommit(officeId, 1, { fences: [note] }))
    let after = Infinity
    const calls = [
      ...appends.slice(0, round % 7),
      async () => (await withdrawn(), (after = (await texts(store, officeId, note)).length), []),
      ...appends.slice(round % 7),
    ]
    const results = (await Promise.all(calls.map((call) => call()))).flat()
    const stored = results.filter((result) => result === 'stored').length
    expect(await texts(store, officeId, note)).toHaveLength(stored)
    expect(stored, 'nothing is appended after the commit').toBeLessThanOrEqual(after)
    expect(results.slice(stored)).toEqual(results.slice(stored).map(() => 'fenced'))
  }
})

it(`whatever was done, a kill at any moment leaves what was answered (STORE_SEED=${seed})`, { timeout: 60_000 }, async () => {
  const random = seeded(seed)
  const dataDir = aFolder()
  const store = await opened({ dataDir })
  const officeId = await anOfficeIn(store)
  // each behind a fence of its own: what is withdrawn from one sends the appends of others behind the same back as well
  const notes = new Map(Array.from({ length: 100 }, freshId).map((id) => [fenceOf(id), id])).values().take(5).toArray()
  for (const id of notes) await store.commit(aCommit(officeId, 1, { puts: [put.dossier(aDossier({ id, number: id }))] }))
  /** What each note has to hold: its epoch, the number of its snapshot, and the updates after it. */
  const model = new Map(notes.map((note) => [note, { epoch: 1, from: 0, updates: [] as string[] }]))
  const modelOf = (note: Id) => model.get(note)!

  const append = async (note: Id) => {
    const { epoch, from, updates } = modelOf(note)
    const fence = await store.fence(officeId, note)
    const many = Array.from({ length: 1 + random.int(4) }, (_, i) => {
      const bytes = new Uint8Array(1 + random.int(random.chance(0.1) ? 600_000 : 60)).fill(random.int(256))
      return anAppend(officeId, note, from + updates.length + i + 1, { epoch, bytes, fence })
    })
    expect(await store.appendNotes(many)).toEqual(many.map(() => 'stored'))
    updates.push(...many.map(textOf))
  }
  const acts: ((note: Id) => Promise<void>)[] = [
    append,
    append,
    append,
    async (note) => {
      const { epoch, from, updates } = modelOf(note)
      const upTo = random.int(updates.length + 1)
      if (upTo === 0) return
      const snapshot = { seq: from + upTo, bytes: new Uint8Array([1]), vector: new Uint8Array([2]) }
      expect(await store.compactNote(officeId, note, epoch, snapshot)).toBe('done')
      model.set(note, { epoch, from: from + upTo, updates: updates.slice(upTo) })
    },
    async (note) => {
      const { epoch } = modelOf(note)
      expect(await store.rebuildNote(officeId, note, epoch, { bytes: new Uint8Array([3]), vector: new Uint8Array([4]) })).toBe('done')
      model.set(note, { epoch: epoch + 1, from: 0, updates: [] })
    },
    async (note) => void (await store.commit(aCommit(officeId, 1, { fences: [note] }))),
    async (note) => {
      await store.commit(aCommit(officeId, 1, { drops: [{ kind: 'dossier', id: note }], fences: [note] }))
      model.set(note, { epoch: 1, from: 0, updates: [] })
    },
  ]
  const check = async (of: Store) => {
    for (const [note, { epoch, from, updates }] of model) {
      const log = await of.note(officeId, note)
      expect({ epoch: log.epoch, from: log.snapshot?.seq ?? 0 }).toEqual({ epoch, from })
      expect(await texts(of, officeId, note)).toEqual(updates)
      expect((await of.noteLengths(officeId, [note])).get(note) ?? 0).toBe(from + updates.length)
    }
  }
  for (let step = 0; step < 150; step++) {
    // different notes at the same time, each with one act
    const chosen = notes.filter(() => random.chance(0.5))
    await Promise.all(chosen.map((note) => random.pick(acts)(note)))
    if (random.chance(0.8)) continue
    await check(store)
    const next = await openSqliteStore({ dataDir: killedNow(dataDir) })
    await check(next)
    await next.close()
  }
})
