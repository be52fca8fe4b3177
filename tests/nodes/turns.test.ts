import { setTimeout as pause } from 'node:timers/promises'
import { beforeAll, expect, it, onTestFinished } from 'vitest'
import type { Id } from '#shared/contracts/ids.ts'
import { CommandQueue } from '../../server/commands/queue.ts'
import { newId } from '../../server/new-id.ts'
import { Offices } from '../../server/queries/offices.ts'
import { openMongoStore } from '../../server/store/mongo/open.ts'
import type { Store } from '../../server/store/store.ts'
import { describeWithMongo } from '../harness/replica-set.ts'
import { aCommit, aSetting, anOfficeIn } from '../store/samples.ts'
import { type SharedSet, sharedSet } from './shared-set.ts'

let set: SharedSet

describeWithMongo('the turn of a node', () => {
  beforeAll(async () => {
    set = sharedSet()
  }, 60_000)

  it('is had by who asked for it: commits of others wait until theirs is done', async () => {
    const [fast, slow] = await twoStores()
    const officeId = await anOfficeIn(fast)
    const turn = await slow.turn(officeId)
    const other = fast.commit(aCommit(officeId, 1, { events: [aSetting(2)] }))
    const own = slow.commit(aCommit(officeId, 1, { events: [aSetting(2)], turn: turn!.id }))
    expect([await own, await other]).toEqual([{ kind: 'done' }, { kind: 'moved' }])
    expect(await fast.commit(aCommit(officeId, 2, { events: [aSetting(3)] }))).toEqual({ kind: 'done' })
  })

  it('is given back, or over by itself where its node was killed', async () => {
    const [fast, slow] = await twoStores()
    const officeId = await anOfficeIn(fast)
    const turn = await slow.turn(officeId)
    const other = fast.commit(aCommit(officeId, 1, { events: [aSetting(2)] }))
    await turn!.giveBack()
    expect(await other).toEqual({ kind: 'done' })
    const left = await slow.turn(officeId)
    expect(await fast.commit(aCommit(officeId, 2, { events: [aSetting(3)] }))).toEqual({ kind: 'done' })
    expect(await slow.commit(aCommit(officeId, 3, { events: [aSetting(4)], turn: left!.id }))).toEqual({ kind: 'moved' })
    expect(await slow.commit(aCommit(officeId, 3, { events: [aSetting(4)] }))).toEqual({ kind: 'done' })
  })

  it('comes to a node that reads too slowly to be ever first by itself', async () => {
    const [fast, slow] = await twoStores()
    const officeId = await anOfficeIn(fast)
    const isOver = new AbortController()
    const busy = commitWithoutEnd(fast, officeId, isOver.signal)
    const answer = await queueOn(slowly(slow)).perform(officeId, newId(), newId(), async ({ emit }) => {
      emit({ type: 'office.settingsChanged', fields: { divisionsOn: [true, false] } })
      return null
    })
    isOver.abort()
    expect(answer).toEqual({ ok: true, n: expect.any(Number) as number })
    // the others had theirs before and after
    expect(await busy).toBeGreaterThan(3)
  })
})

async function twoStores(): Promise<[Store, Store]> {
  const uri = set.uri(`codossier-turns-${newId()}`)
  const stores: [Store, Store] = [await openMongoStore({ uri }), await openMongoStore({ uri })]
  onTestFinished(async () => void (await Promise.all(stores.map((store) => store.close()))))
  return stores
}

/** A node beside which nobody else would ever be first. Resolves to how many it committed. */
async function commitWithoutEnd(store: Store, officeId: Id, over: AbortSignal): Promise<number> {
  let count = 0
  while (!over.aborted) {
    const number = await store.number(officeId)
    const { kind } = await store.commit(aCommit(officeId, number, { events: [aSetting(number + 1)] }))
    if (kind === 'done') count++
  }
  return count
}

/** The same store, from which the log comes later than the next commit of a busy node. */
function slowly(store: Store): Store {
  return {
    ...store,
    events: async (...asked) => {
      const events = await store.events(...asked)
      await pause(100)
      return events
    },
  }
}

function queueOn(store: Store): CommandQueue {
  return new CommandQueue({ store, offices: new Offices(store), now: Date.now, newId, onCommitted: () => {} })
}
