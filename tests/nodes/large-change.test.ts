import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Id } from '#shared/contracts/ids.ts'
import { createLog } from '../../server/log.ts'
import { newId } from '../../server/new-id.ts'
import { type RunningServer, startServer } from '../../server/start.ts'
import { openMongoStore } from '../../server/store/mongo/open.ts'
import type { Put, Store } from '../../server/store/store.ts'
import { type Screen, signedIn } from '../harness/member.ts'
import { startSampleOffice, testConfig, type TestOffice } from '../harness/office.ts'
import { describeWithMongo } from '../harness/replica-set.ts'
import { type SharedSet, sharedSet } from './shared-set.ts'

const many = 10_000

let set: SharedSet
let office: TestOffice
let other: RunningServer
let otherDir: string
let store: Store
let screens: Screen[] = []
let officeId: Id
let dossierIds: Id[]
/** Of the dossier that they are copies of: may own them. */
let ownerId: Id

describeWithMongo('10,000 dossiers on two nodes', () => {
  beforeAll(async () => {
    set = sharedSet()
    const mongodbUri = set.uri(`codossier-nodes-${newId()}`)
    office = await startSampleOffice(['admin'], { mongodbUri })
    store = await openMongoStore({ uri: mongodbUri })
    officeId = (await store.offices())[0]!
    dossierIds = await imported()
    otherDir = await mkdtemp(join(tmpdir(), 'codossier-test-'))
    other = await startServer({ config: testConfig(otherDir, mongodbUri), log: createLog('error'), clientDir: null })
    const admin = await office.signIn('admin')
    screens = [await admin.open(), await signedIn(other.url, admin.cookie).open()]
  }, 240_000)
  afterAll(async () => {
    for (const screen of screens) screen.close()
    await store?.close()
    await other?.close()
    await office?.stop()
    await rm(otherDir, { recursive: true, force: true })
  }, 60_000)

  it('S0.5 change owner in one commit: whoever reads meanwhile finds none or all, each screen gets each once, and the same command again changes nothing', async () => {
    const [here, there] = screens as [Screen, Screen]
    const id = newId()
    const command = { type: 'selection.changeOwner', dossierIds, ownerId } as const
    const before = screens.map(({ applied }) => applied.length)
    const sampler = sample(() => store.boardCounts(officeId, { ownerId, words: [mark] }))
    const answer = await here.sendUntilAnswered(command, id)
    expect(answer).toEqual({ ok: true, n: expect.any(Number) })
    const last = answer.ok ? (answer.n ?? 0) : 0
    for (const screen of screens) await screen.until('it has the change', ({ at }) => at >= last, 60_000)
    const found = await sampler.end()

    expect(new Set(found)).toEqual(new Set([0, many]))
    for (const [i, screen] of screens.entries()) {
      const events = screen.applied
        .slice(before[i])
        .flatMap(({ items }) => items.flatMap((item) => (item.kind === 'event' ? [item.event] : [])))
      const got = events.flatMap((event) => ('subjects' in event ? event.subjects!.map(({ dossierId }) => dossierId) : []))
      expect(got.toSorted()).toEqual(dossierIds.toSorted())
      expect(dossierIds.filter((dossierId) => screen.row(dossierId)?.ownerId !== ownerId)).toEqual([])
    }
    expect(await there.sendUntilAnswered(command, id)).toEqual(answer)
    expect(await store.number(officeId)).toBe(last)
  }, 240_000)
})

/** A word that the titles of these dossiers, and of no others, have. */
const mark = 'tenthousand'

/** Writes the dossiers, as an import does. */
async function imported(): Promise<Id[]> {
  const [client] = await store.page(officeId, 'client', null, 1)
  const { dossiers } = await store.dossiers(
    officeId,
    { clientId: client!.id },
    { by: 'number', descending: false },
    { offset: 0, limit: 1 },
  )
  ownerId = dossiers[0]!.ownerId!
  const copies = Array.from({ length: many }, (_, i) => ({ ...dossiers[0]!, id: newId(), number: `T-${i}`, title: mark, ownerId: null }))
  for (let from = 0; from < many; from += 2_000) {
    const some = copies.slice(from, from + 2_000)
    const expect = await store.number(officeId)
    const puts = some.map((record): Put => ({ kind: 'dossier', record: { ...record, at: expect + 1 } }))
    const stamp = { n: expect + 1, at: Date.now(), by: officeId, commandId: newId() }
    const events = [{ ...stamp, type: 'dossier.imported' as const, clients: 0, dossierIds: some.map(({ id }) => id) }]
    const result = await store.commit({ officeId, expect, events, puts, answers: [], fences: [] })
    if (result.kind !== 'done') throw new Error(`the dossiers were not written: ${result.kind}`)
  }
  return copies.map(({ id }) => id)
}

/** Reads again and again until the end; then how many dossiers there were each time. */
function sample(read: () => Promise<{ count: number }[]>): { end(): Promise<number[]> } {
  let isOver = false
  const run = async () => {
    const found: number[] = []
    for (;;) {
      const isLast = isOver
      found.push((await read()).reduce((sum, { count }) => sum + count, 0))
      if (isLast) return found
    }
  }
  const running = run()
  // told to whoever ends it
  running.catch(() => {})
  return {
    end() {
      isOver = true
      return running
    },
  }
}
