import { expect, it, onTestFinished, vi } from 'vitest'
import type { Command } from '#shared/contracts/commands.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { newId } from '../../server/new-id.ts'
import { openMongoStore } from '../../server/store/mongo/open.ts'
import { Connection } from '../../src/lib/live/connection.svelte.ts'
import { startSampleOffice } from '../harness/office.ts'
import { describeWithMongo, primaryOf, startReplicaSet, untilWhole } from '../harness/replica-set.ts'
import { impatient } from '../nodes/cluster.ts'
import { failoverStorm, troubles } from './failover-storm.ts'

const nothing = { expect: 0, events: [], answers: [], fences: [] }

describeWithMongo('two nodes on a replica set in trouble', () => {
  it('L3 the primary is killed, steps down, is cut off and stands still, a node is killed, one stands still for 10 s: nothing seen, saved or done is missing, nothing is done twice, and all end alike', async () => {
    const seed = Date.now() % 1_000_000
    console.log(`seed ${seed}`)
    const { faults, ...counts } = await failoverStorm({ rounds: troubles, seed, tabsEach: 1, stallMs: 10_000, say: console.log })
    console.log(JSON.stringify(counts))
    expect(faults).toEqual([])
    expect(counts.done).toBeGreaterThan(50)
    expect(counts.seen).toBeGreaterThan(50)
    expect(counts.typed).toBeGreaterThan(100)
  }, 300_000)

  it('L3 a screen says that its change waits while the primary stands still, and until it is stored', async () => {
    const set = await startReplicaSet({ parameters: impatient })
    const office = await startSampleOffice(['admin'], { mongodbUri: set.uri('codossier-waiting') })
    vi.stubGlobal('addEventListener', () => {})
    vi.stubGlobal('removeEventListener', () => {})
    const { url, cookie, origin } = await office.signIn('admin')
    vi.stubGlobal('location', new URL(url))
    const connected = Promise.withResolvers<void>()
    const handlers = { connected: connected.resolve, delivery: () => {}, presence: () => {}, signedOut: () => {} }
    const connection = new Connection(handlers, { extraHeaders: { cookie, origin } })
    onTestFinished(async () => {
      connection.close()
      vi.unstubAllGlobals()
      await office.stop()
      await set.stop()
    })
    await connected.promise
    await untilWhole(set)
    const primary = await primaryOf(set)
    primary.process.kill('SIGSTOP')
    const command: Command = { type: 'division.create', divisionId: newId(), name: 'Waiting' }
    const answer = connection.send({ id: newId(), seen: 0, command })
    await vi.waitUntil(() => connection.late === 1, { timeout: 60_000 })
    expect(connection).toMatchObject({ state: 'connected', waiting: 1 })
    expect(await answer).toMatchObject({ ok: true })
    expect(connection).toMatchObject({ waiting: 0, late: 0 })
  }, 120_000)

  it('a commit that is under way when the primary stands still is done, by the next one', async () => {
    const set = await startReplicaSet({ parameters: impatient })
    await untilWhole(set)
    const store = await openMongoStore({ uri: set.uri('codossier-frozen') })
    onTestFinished(async () => {
      await store.close()
      await set.stop()
    })
    const officeId = newId()
    const commit = (id: Id) => store.commit({ ...nothing, officeId, puts: [{ kind: 'counter', record: { id, next: 1 } }] })
    await commit('before')
    const primary = await primaryOf(set)
    primary.process.kill('SIGSTOP')
    expect(await commit('meanwhile')).toEqual({ kind: 'done' })
    expect(await store.get(officeId, 'counter', 'meanwhile')).toEqual({ id: 'meanwhile', next: 1 })
  }, 120_000)
})
