import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Subject } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { connect } from '../../server/store/mongo/connect.ts'
import { NewerFormat } from '../../server/store/mongo/format.ts'
import { openMongoStore } from '../../server/store/mongo/open.ts'
import type { Commit, Store } from '../../server/store/store.ts'
import { withAdmin } from '../../server/store/replica-set.ts'
import { describeWithMongo, ended, type ReplicaSet, startReplicaSet } from '../harness/replica-set.ts'
import { type Made, storeContract } from './contract.ts'
import { aClient, aCommit, aDossier, anAppend, anEdit, anEvent, anOfficeIn, aSetting, freshId, put } from './samples.ts'

// three servers share the machine with whatever else runs on it
vi.setConfig({ testTimeout: 120_000 })

let set: ReplicaSet
/** Databases that were made and emptied again: making one takes longer than most tests. */
const free: string[] = []

describeWithMongo('on a replica set', () => {
  beforeAll(async () => {
    // whatever would have to read a whole collection fails, in every test
    set = await startReplicaSet({ parameters: ['notablescan=1'] })
  })
  afterAll(() => set.stop())

  storeContract('mongo', makeMongo)

  describe('the mongo store', () => {
    it('is asked nothing that has no index: here such a question fails', async ({ skip }) => {
      if (set.members.length === 0) skip('the server is not ours to set up')
      const { client } = await aStore()
      const unindexed = client.db().collection('dossiers').findOne({ title: 'A house' })
      await expect(unindexed).rejects.toThrow('No indexed plans')
    })

    it('has the office in front of every key but those that lead to an office, and by which what is old is found', async () => {
      const { client } = await aStore()
      const collections = await client.db().collections()
      const keys = await Promise.all(
        collections.map(async (collection) =>
          (await collection.indexes()).map(({ key }) => `${collection.collectionName}: ${Object.keys(key).join()}`),
        ),
      )
      const others = keys.flat().filter((key) => !/: (office\b|_id$)/.test(key))
      expect(others.sort()).toEqual(['answers: at', 'seats: account'])
    })

    it('has everything confirmed by a majority, from its disks, and reads what a majority has, whatever its connection string says', async () => {
      const { uri } = await aStore()
      const opened = await connect(`${uri}&w=1&journal=false&readConcernLevel=local&readPreference=secondary`)
      onTestFinished(() => opened.close())
      const concerns = { writeConcern: { w: 'majority', journal: true }, readConcern: { level: 'majority' } }
      const durable = { ...concerns, readPreference: { mode: 'primary' } }
      expect(opened.options).toMatchObject(durable)
      expect(opened.db().collection('offices')).toMatchObject(durable)
    })

    it('opens its database any number of times at once', async () => {
      const { uri, store } = await aStore()
      const officeId = await anOfficeIn(store)
      const others = await Promise.all([openOn(uri), openOn(uri)])
      for (const other of others) expect(await other.number(officeId)).toBe(1)
    })

    it('ends a transaction that a node began before it was killed: an office does not wait for it', async () => {
      const { uri, store, client } = await aStore()
      const officeId = await anOfficeIn(store)
      const node = spawn(process.execPath, [fileURLToPath(new URL('abandoned-transaction.ts', import.meta.url)), uri, officeId])
      await once(node.stdout, 'data')
      node.kill('SIGKILL')
      await ended(node)
      expect(await store.commit(aCommit(officeId, 1, { events: [aSetting(2)] }))).toEqual({ kind: 'done' })
      const held = { $currentOp: { allUsers: false, idleSessions: true } }
      const left = client.db('admin').aggregate([held, { $match: { type: 'idleSession', transaction: { $exists: true } } }])
      expect(await left.toArray()).toEqual([])
      expect(await store.number(officeId)).toBe(2)
    })

    it('refuses data of a newer server, and touches nothing', async () => {
      const { uri, client } = await aStore()
      const meta = client.db().collection<{ _id: string; format: number }>('meta')
      await meta.updateOne({ _id: 'format' }, { $set: { format: 2 } })
      onTestFinished(async () => void (await meta.updateOne({ _id: 'format' }, { $set: { format: 1 } })))
      const before = await meta.findOne({ _id: 'format' })
      await expect(openMongoStore({ uri })).rejects.toThrow(NewerFormat)
      expect(await meta.findOne({ _id: 'format' })).toEqual(before)
    })

    it('keeps what is longer than a document of the server, and finds it by every subject', async () => {
      const { store } = await aStore()
      const access = { divisionId: freshId(), ownerId: freshId(), readerIds: [freshId()] }
      const subjects = Array.from({ length: 6_000 }, (): Subject => {
        const text = randomBytes(800).toString('base64') + 'Häuschen '.repeat(200)
        return { dossierId: freshId(), fields: { title: ['Ein Häuschen 🏡', text] }, access: { before: access, after: access } }
      })
      const officeId = await anOfficeIn(store)
      const large = anEvent(2, { type: 'dossier.edited', subjects })
      const changed = { members: [], owners: [], clients: [], dossiers: subjects }
      const created = { members: [], owners: [], divisions: [], clients: [], dossiers: [] }
      const detail = { id: freshId(), created, noted: [], changed }
      await store.commit(aCommit(officeId, 1, { events: [large, aSetting(3)] }))
      await store.commit(aCommit(officeId, 3, { puts: [{ kind: 'importDetail', record: detail }] }))
      expect(JSON.stringify(large).length).toBeGreaterThan(16 * 1024 * 1024)
      expect((await store.events(officeId, 1, 10)).map(({ n }) => n)).toEqual([2, 3])
      const [found] = await store.history(officeId, subjects[5_999]?.dossierId ?? '', 10)
      expect(JSON.stringify(found) === JSON.stringify(large)).toBe(true)
      const kept = await store.get(officeId, 'importDetail', detail.id)
      expect(JSON.stringify(kept) === JSON.stringify(detail)).toBe(true)
      await store.commit(
        aCommit(officeId, 3, {
          puts: [{ kind: 'importDetail', record: { id: detail.id, created, noted: [], changed: { ...changed, dossiers: [] } } }],
        }),
      )
      expect((await store.get(officeId, 'importDetail', detail.id))?.changed.dossiers).toEqual([])
    })
  })

  describe('two nodes', () => {
    it('commit to one office by turns: no number twice, none missing', async () => {
      const { nodes, officeId } = await twoNodes()
      const each = 40
      await Promise.all(
        nodes.map(async (node) => {
          for (let i = 0; i < each; i++) await commitAtLast(node, officeId)
        }),
      )
      const numbers = (await nodes[0].events(officeId, 0, 1_000)).map(({ n }) => n)
      expect(numbers).toEqual(Array.from({ length: 2 * each + 1 }, (_, i) => i + 1))
    })

    it('append to one note: each number once, without a gap', async () => {
      const { nodes, officeId } = await twoNodes()
      const note = freshId()
      const each = 30
      await Promise.all(nodes.map((node) => appendAtLast(node, officeId, note, each)))
      expect((await nodes[1].note(officeId, note)).updates.map(({ seq }) => seq)).toEqual(Array.from({ length: 2 * each }, (_, i) => i + 1))
    })

    it('append on one, withdraw on the other: what was judged before the withdrawal is stored before it or not at all', async () => {
      const {
        nodes: [writer, admin],
        officeId,
      } = await twoNodes()
      for (let n = 1; n <= 20; n++) {
        const note = freshId()
        const fence = await writer.fence(officeId, note)
        const withdrawn = admin.commit(aCommit(officeId, n, { events: [aSetting(n + 1)], fences: n % 2 ? [note] : 'all' }))
        const results: string[] = []
        for (let seq = 1; results.at(-1) !== 'fenced'; seq++)
          results.push(...(await writer.appendNotes([anAppend(officeId, note, seq, { fence })])))
        expect(await withdrawn).toEqual({ kind: 'done' })
        const stored = (await admin.note(officeId, note)).updates.length
        expect([...results.slice(0, stored), 'fenced']).toEqual(results)
        expect(await writer.appendNotes([anAppend(officeId, note, stored + 1, { fence })])).toEqual(['fenced'])
      }
    })
  })

  describe('what other nodes write', () => {
    it('is told again after the stream that tells it was lost, which is said', async ({ skip }) => {
      if (set.members.length === 0) skip('the server is not ours to set up')
      const { uri, store, client } = await aStore()
      const [lost, ofOffice, ofNote] = [Promise.withResolvers<unknown>(), Promise.withResolvers<number>(), Promise.withResolvers<number>()]
      const officeId = await anOfficeIn(store)
      const note = freshId()
      const listener = await openMongoStore({
        uri,
        heard: {
          office: (id, number) => id === officeId && number > 1 && ofOffice.resolve(number),
          note: (_, id, { seq }) => id === note && ofNote.resolve(seq ?? 0),
          sessionEnded: () => {},
          lost: lost.resolve,
        },
      })
      onTestFinished(() => listener.close())
      // the server has forgotten what followed where the stream stood: it cannot be taken up
      const data = { failCommands: ['getMore'], errorCode: 286, namespace: `${client.db().databaseName}.$cmd.aggregate` }
      await withAdmin(uri, { configureFailPoint: 'failCommand', mode: { times: 1 }, data })
      expect(await lost.promise).toMatchObject({ codeName: 'ChangeStreamHistoryLost' })
      // what comes before the next stream is open is for whoever looks: so it is written until it is told
      const told = over(Promise.all([ofOffice.promise, ofNote.promise]))
      while (!told.isOver) {
        await commitAtLast(store, officeId)
        await appendAtLast(store, officeId, note, 1)
      }
      const [number, seq] = await told.result
      expect(number).toBeLessThanOrEqual(await store.number(officeId))
      expect(seq).toBeGreaterThan(0)
    })
  })

  describe('a large commit', () => {
    it('changes 2,000 dossiers and drops others for every reader at once, on both nodes; a small commit waits for it', async () => {
      const {
        nodes: [node, other],
        officeId,
        dossiers,
      } = await aLargeOffice()
      const kept = dossiers.slice(0, 2_000)
      const puts = kept.map((dossier) => put.dossier({ ...dossier, at: 3, title: 'Changed' }))
      const drops = dossiers.slice(2_000).map(({ id }) => ({ kind: 'dossier', id }) as const)
      const large = over(
        node.commit(
          aCommit(officeId, 2, {
            events: [
              anEdit(
                3,
                kept.map(({ id }) => id),
              ),
            ],
            puts,
            drops,
          }),
        ),
      )
      const seen = new Set<string>()
      do {
        for (const reader of [node, other]) {
          const { at, rows } = await reader.rows(officeId)
          seen.add(`${at} ${rows.length} ${[...new Set(rows.map((row) => row.at))].join()}`)
          const [first] = await reader.many(officeId, 'dossier', [kept[0]!.id])
          const counted = (await reader.boardCounts(officeId, {})).reduce((sum, { count }) => sum + count, 0)
          expect([2_300, 2_000]).toContain(counted)
          expect(['A house', 'Changed']).toContain(first?.title)
        }
      } while (!large.isOver)
      expect(await large.result).toEqual({ kind: 'done' })
      expect([...seen].sort()).toEqual(['2 2300 2', '3 2000 3'])
      expect(await other.commit(aCommit(officeId, 3, { puts: [put.dossier({ ...kept[0]!, title: 'Once more' })] }))).toEqual({
        kind: 'done',
      })
      expect((await node.get(officeId, 'dossier', kept[0]!.id))?.title).toBe('Once more')
      expect(
        (await node.dossiers(officeId, { words: ['changed'] }, { by: 'number', descending: false }, { offset: 0, limit: 1 })).total,
      ).toBe(1_999)
      expect(await node.get(officeId, 'dossier', drops[0]!.id)).toBeNull()
    })

    it('whose number is taken leaves nothing, and the office free', async () => {
      const {
        nodes: [node],
        officeId,
        dossiers,
      } = await aLargeOffice()
      const fresh = Array.from({ length: 2_000 }, () => aDossier())
      const before = (await node.rows(officeId)).rows.length
      for (const taken of [dossiers[7]!.number, fresh[1]!.number]) {
        const puts = [...fresh, aDossier({ number: taken })].map(put.dossier)
        expect(await node.commit(aCommit(officeId, 2, { events: [aSetting(3)], puts }))).toEqual({
          kind: 'duplicate',
          what: 'dossierNumber',
        })
      }
      expect(await node.commit(aCommit(officeId, 5, { events: [aSetting(6)], puts: fresh.map(put.dossier) }))).toEqual({ kind: 'moved' })
      expect((await node.rows(officeId)).rows).toHaveLength(before)
      expect(await node.commit(aCommit(officeId, 2, { events: [aSetting(3)], puts: [put.dossier(fresh[0]!)] }))).toEqual({ kind: 'done' })
    })

    it.each([
      ['before it was done is given up', false, 'A house'],
      ['after it was done is seen, and tidied up', true, 'Changed'],
    ])('of a node that died %s by whoever commits next', async (_, isDone, title) => {
      const {
        nodes: [node],
        client,
        officeId,
        dossiers,
      } = await aLargeOffice()
      await leaveHalfWay(client, officeId, dossiers[0]!.id, isDone)
      expect((await node.get(officeId, 'dossier', dossiers[0]!.id))?.title).toBe(title)
      expect((await node.rows(officeId)).rows).toHaveLength(dossiers.length)
      expect(await node.commit(aCommit(officeId, 2, { puts: [put.client(aClient())] }))).toEqual({ kind: 'done' })
      expect((await node.get(officeId, 'dossier', dossiers[0]!.id))?.title).toBe(title)
      expect((await node.rows(officeId)).rows).toHaveLength(dossiers.length)
      expect(await client.db().collection('dossiers').countDocuments({ office: officeId })).toBe(dossiers.length)
    })
  })
})

async function makeMongo(): Promise<Made & { uri: string }> {
  const database = free.pop() ?? `codossier-test-${freshId()}`
  const uri = set.uri(database)
  const opened: Store[] = []
  const open = async (readOnly: boolean) => {
    const store = await openMongoStore({ uri, readOnly })
    opened.push(store)
    return store
  }
  const store = await open(false)
  return {
    uri,
    store,
    reopen: async () => {
      await opened.at(-1)?.close()
      return open(false)
    },
    reader: () => open(true),
    dispose: async () => {
      for (const each of opened) await each.close()
      await empty(uri)
      free.push(database)
    },
  }
}

/** Removes everything that was written, but no collection. */
async function empty(uri: string): Promise<void> {
  const client = new MongoClient(uri, { writeConcern: { w: 'majority' } })
  const collections = await client.db().collections()
  const all = collections.filter(({ collectionName }) => collectionName !== 'meta')
  await Promise.all(all.map((collection) => collection.deleteMany({ _id: { $exists: true } }, { hint: '_id_' })))
  await client.close()
}

/** A store for one test, and a connection to look beneath it. */
async function aStore(): Promise<{ uri: string; store: Store; client: MongoClient }> {
  const { uri, store, dispose } = await makeMongo()
  const client = new MongoClient(uri)
  onTestFinished(async () => {
    await client.close()
    await dispose()
  })
  return { uri, store, client }
}

/** One more node on a database. */
async function openOn(uri: string): Promise<Store> {
  const store = await openMongoStore({ uri, silenceMs: 500 })
  onTestFinished(() => store.close())
  return store
}

async function twoNodes() {
  const { uri, client } = await aStore()
  const nodes = [await openOn(uri), await openOn(uri)] as const
  return { nodes, client, officeId: await anOfficeIn(nodes[0]) }
}

/** At number 2, with 2,300 dossiers that stand there. */
async function aLargeOffice() {
  const both = await twoNodes()
  const dossiers = Array.from({ length: 2_300 }, () => aDossier({ at: 2 }))
  await both.nodes[0].commit(aCommit(both.officeId, 1, { events: [aSetting(2)], puts: dossiers.map(put.dossier) }))
  return { ...both, dossiers }
}

async function commitAtLast(store: Store, officeId: Id): Promise<void> {
  for (;;) {
    const number = await store.number(officeId)
    const commit: Commit = aCommit(officeId, number, { events: [aSetting(number + 1)], puts: [put.dossier(aDossier())] })
    const { kind } = await store.commit(commit)
    if (kind === 'done') return
    expect(kind).toBe('moved')
  }
}

async function appendAtLast(store: Store, officeId: Id, note: Id, times: number): Promise<void> {
  for (let stored = 0; stored < times;) {
    const last = (await store.note(officeId, note)).updates.at(-1)?.seq ?? 0
    const [result] = await store.appendNotes([anAppend(officeId, note, last + 1)])
    if (result === 'stored') stored++
  }
}

function over<T>(result: Promise<T>): { result: Promise<T>; isOver: boolean } {
  const going = { result, isOver: false }
  const end = () => void (going.isOver = true)
  result.then(end, end)
  return going
}

/** What a node leaves that dies in the middle of a large commit of one dossier. */
async function leaveHalfWay(client: MongoClient, office: Id, id: Id, isDone: boolean): Promise<void> {
  const [dossiers, offices] = [client.db().collection('dossiers'), client.db().collection('offices')]
  const found = await dossiers.findOneAndUpdate(
    { office, id },
    { $set: { going: 'dead' } },
    { projection: { _id: 0 }, hint: { office: 1, id: 1, coming: 1 } },
  )
  await dossiers.insertOne({ ...found, title: 'Changed', coming: 'dead' })
  await offices.updateOne({ office }, { $set: { large: { id: 'dead', isDone, beat: 3 } } })
}
