import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest'
import type { Command } from '#shared/contracts/commands.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { newId } from '../../server/new-id.ts'
import { openMongoStore } from '../../server/store/mongo/open.ts'
import type { Store } from '../../server/store/store.ts'
import { Connection } from '../../src/lib/live/connection.svelte.ts'
import { startSampleOffice, type TestOffice } from '../harness/office.ts'
import { describeWithOwnMembers, primaryOf, type ReplicaSet, startReplicaSet, untilWhole } from '../harness/replica-set.ts'
import { impatient } from '../nodes/cluster.ts'

const nothing = { expect: 0, events: [], answers: [], fences: [] }

let set: ReplicaSet
let office: TestOffice
/** A store beside the office's, for commits under no queue. */
let store: Store

describeWithOwnMembers('while the primary stands still', () => {
  beforeAll(async () => {
    set = await startReplicaSet({ parameters: impatient })
    office = await startSampleOffice(['admin'], { mongodbUri: set.uri('codossier-waiting') })
    store = await openMongoStore({ uri: set.uri('codossier-frozen') })
    await untilWhole(set)
  }, 240_000)
  afterAll(async () => {
    await store?.close()
    await office?.stop()
    await set?.stop()
  }, 60_000)

  it('L3 a screen says that its change waits, until it is stored; a commit that is under way is done by the next one', async () => {
    const screen = await aConnection()
    const officeId = newId()
    const commit = (id: Id) => store.commit({ ...nothing, officeId, puts: [{ kind: 'counter', record: { id, next: 1 } }] })
    await commit('before')
    const primary = await primaryOf(set)
    primary.process.kill('SIGSTOP')
    const committed = commit('meanwhile')
    const command: Command = { type: 'division.create', divisionId: newId(), name: 'Waiting' }
    const answer = screen.send({ id: newId(), seen: 0, command })
    await vi.waitUntil(() => screen.late === 1, { timeout: 60_000 })
    expect(screen).toMatchObject({ state: 'connected', waiting: 1 })
    expect(await answer).toMatchObject({ ok: true })
    expect(screen).toMatchObject({ waiting: 0, late: 0 })
    expect(await committed).toEqual({ kind: 'done' })
    expect(await store.get(officeId, 'counter', 'meanwhile')).toEqual({ id: 'meanwhile', next: 1 })
  }, 120_000)
})

/** The line of a tab of the admin, as the browser has it; resolves when it is there. */
async function aConnection(): Promise<Connection> {
  vi.stubGlobal('addEventListener', () => {})
  vi.stubGlobal('removeEventListener', () => {})
  const { url, cookie, origin } = await office.signIn('admin')
  vi.stubGlobal('location', new URL(url))
  const connected = Promise.withResolvers<void>()
  const handlers = { connected: connected.resolve, delivery: () => {}, presence: () => {}, signedOut: () => {} }
  const connection = new Connection(handlers, { extraHeaders: { cookie, origin } })
  onTestFinished(() => {
    connection.close()
    vi.unstubAllGlobals()
  })
  await connected.promise
  return connection
}
