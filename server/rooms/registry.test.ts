import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { AppendResult, NoteAppend, NoteLog } from '../store/store.ts'
import { createLog } from '../log.ts'
import { systemClock } from './clock.ts'
import { noteUpdateFromText } from './import-text.ts'
import type { Participant } from './participant.ts'
import { Registry } from './registry.ts'

const officeId = 'office00000000001'
const note = 'dossierA000000001'

/** A registry whose store answers when the test says so. */
function withSlowStore() {
  const reads: PromiseWithResolvers<NoteLog>[] = []
  const appends: PromiseWithResolvers<AppendResult[]>[] = []
  const wait = <T>(queue: PromiseWithResolvers<T>[]): Promise<T> => {
    const waiting = Promise.withResolvers<T>()
    queue.push(waiting)
    return waiting.promise
  }
  const environment = {
    store: {
      get: async () => null,
      noteLengths: async () => new Map<string, number>(),
      fence: async () => 0,
      grantClient: async () => 2,
      clientsOf: async () => [2],
      note: () => wait(reads),
      compactNote: async () => 'raced' as const,
      rebuildNote: async () => 'raced' as const,
      leaveNoTrace: async () => {},
      upToDate: async () => {},
      appendNotes: (_appends: readonly NoteAppend[]) => wait(appends),
    },
    judge: async () => ({ read: true, write: true }),
    log: createLog('silent'),
    clock: systemClock,
  }
  return { registry: new Registry(environment, { flushMs: 0, idleMs: 0 }), reads, appends }
}

const writer: Participant = {
  clientId: 1,
  person: { memberId: 'memberAna00000001', name: 'Ana', colour: 0 },
  writer: { memberId: 'memberAna00000001', own: new Set([1]), mayWrite: true, isOutdated: false, onlyReads: false, fence: 0 },
  inStep: true,
  answer: () => {},
  send: () => {},
  stored: () => {},
  tellVersions: () => {},
  close: () => {},
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await turn()
}

describe('the rooms of a node', () => {
  it('are loaded once for all who wait, and after a failed load anew by the next', async () => {
    const { registry, reads } = withSlowStore()
    const waiting = [registry.acquire(officeId, note), registry.acquire(officeId, note)]
    expect(registry.state(officeId, note)).toBe('loading')
    expect(reads).toHaveLength(1)
    reads[0]?.reject(new Error('the disk cannot be read'))
    await expect(Promise.allSettled(waiting)).resolves.toMatchObject([{ status: 'rejected' }, { status: 'rejected' }])
    expect(registry.state(officeId, note)).toBe('absent')
    const next = registry.acquire(officeId, note)
    reads[1]?.resolve({ epoch: 1, snapshot: null, updates: [] })
    expect((await next).epoch).toBe(1)
    expect(registry.state(officeId, note)).toBe('live')
  })

  it('build no document for who opens a note and says nothing new; that is answered all the same', async () => {
    const { registry, reads } = withSlowStore()
    const loading = registry.acquire(officeId, note)
    reads[0]?.resolve({ epoch: 1, snapshot: null, updates: [] })
    const room = await loading
    const answered = Promise.withResolvers<number>()
    room.receive({ ...writer, stored: answered.resolve }, 7, new Uint8Array([0, 0]))
    expect(await answered.promise).toBe(7)
    expect(room.isBuilt).toBe(false)
  })

  it('drain before they are forgotten, and live on for whoever comes meanwhile', async () => {
    const { registry, reads, appends } = withSlowStore()
    const loading = registry.acquire(officeId, note)
    reads[0]?.resolve({ epoch: 1, snapshot: null, updates: [] })
    const room = await loading
    room.receive(writer, 1, noteUpdateFromText('not stored yet'))
    registry.release(room)
    await until(() => registry.state(officeId, note) === 'draining' && appends.length === 1)
    expect(await registry.acquire(officeId, note)).toBe(room)
    appends[0]?.resolve(['stored'])
    await until(() => registry.state(officeId, note) === 'live')
    registry.release(room)
    await until(() => registry.state(officeId, note) === 'absent')
    expect(reads).toHaveLength(1)
  })

  it('are given up when a commit throws: the next one to come reads the log anew', async () => {
    const { registry, reads, appends } = withSlowStore()
    const loading = registry.acquire(officeId, note)
    reads[0]?.resolve({ epoch: 1, snapshot: null, updates: [] })
    const room = await loading
    room.receive(writer, 1, noteUpdateFromText('may or may not be stored'))
    await until(() => appends.length === 1)
    appends[0]?.reject(new Error('the disk is full'))
    await until(() => room.isBroken)
    expect(registry.state(officeId, note)).toBe('absent')
    void registry.acquire(officeId, note)
    expect(reads).toHaveLength(2)
    registry.release(room)
    expect(registry.state(officeId, note)).toBe('loading')
  })
})
