import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { noteField } from '#shared/contracts/notes-wire.ts'
import { createLog } from '../log.ts'
import type { AppendResult, NoteAppend, NoteLog } from '../store/store.ts'
import { AppendLog } from './append-log.ts'
import { systemClock } from './clock.ts'
import type { Participant } from './participant.ts'
import { Room } from './room.ts'
import { slicesIn } from './slices.ts'

const memberId = 'memberAna00000001'

/** A note of so many letters as it is stored, and what somebody writes into it next. */
function written(letters: number): { log: NoteLog; next: Uint8Array } {
  const doc = new Y.Doc()
  doc.clientID = 7
  const paragraph = new Y.XmlElement('paragraph')
  paragraph.insert(0, [new Y.XmlText('x'.repeat(letters))])
  doc.getXmlFragment(noteField).insert(0, [paragraph])
  const [bytes, vector] = [Y.encodeStateAsUpdate(doc), Y.encodeStateVector(doc)]
  doc.clientID = 8
  ;(paragraph.get(0) as Y.XmlText).insert(0, 'new')
  return { log: { epoch: 1, snapshot: { seq: 1, bytes, vector }, updates: [] }, next: Y.encodeStateAsUpdate(doc, vector) }
}

/** The room of such a note, with a compacting thread that answers when the test says so. */
async function roomOf(log: NoteLog) {
  const appended: NoteAppend[] = []
  const cutting: (() => void)[] = []
  const store = {
    get: async () => null,
    noteLengths: async () => new Map<string, number>(),
    fence: async () => 0,
    grantClient: async () => 9,
    clientsOf: async () => [8],
    note: async (_office: string, _note: string, after?: { seq: number }) => (after ? { epoch: 1, snapshot: null, updates: [] } : log),
    compactNote: async () => 'raced' as const,
    rebuildNote: async () => 'raced' as const,
    leaveNoTrace: async () => {},
    upToDate: async () => {},
    appendNotes: async (appends: readonly NoteAppend[]): Promise<AppendResult[]> => {
      appended.push(...appends)
      return appends.map(() => 'stored')
    },
  }
  const environment = { store, judge: async () => ({ read: true, write: true }), log: createLog('silent'), clock: systemClock }
  const slice = async (parts: Uint8Array[]) => {
    await new Promise<void>((resolve) => cutting.push(resolve))
    return slicesIn(parts)
  }
  const parts = {
    log: new AppendLog(environment, 0),
    compactor: { compact: async () => null, slice },
    compactEvery: 300,
    onBroken: () => {},
  }
  const room = await Room.load(environment, parts, 'office00000000001', 'dossierA000000001')
  const saved: number[] = []
  const ana: Participant = {
    clientId: 8,
    person: { memberId, name: 'Ana', colour: 0 },
    writer: { memberId, own: new Set([8]), mayWrite: true, isOutdated: false, onlyReads: false, fence: 0 },
    inStep: true,
    answer: () => {},
    send: () => {},
    stored: (frames) => void saved.push(frames),
    tellVersions: () => {},
    close: () => {},
  }
  room.join(ana)
  return { room, ana, saved, appended, cutting }
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await turn()
}

it('L3 the first words in a long note wait until its document was built out of slices, and no frame is lost or passed by another', async () => {
  const { log, next } = written(100_000)
  const { room, ana, saved, appended, cutting } = await roomOf(log)
  room.receive(ana, 1, next)
  room.receive(ana, 2, next)
  await until(() => cutting.length > 0)
  expect([room.isBuilt, appended.length, saved]).toEqual([false, 0, []])
  cutting[0]?.()
  await until(() => saved.at(-1) === 2)
  expect([room.isBuilt, appended.length, cutting.length]).toEqual([true, 1, 1])
})

it('a short note is built at once, in no thread', async () => {
  const { log, next } = written(100)
  const { room, ana, saved, cutting } = await roomOf(log)
  room.receive(ana, 1, next)
  await until(() => saved.at(-1) === 1)
  expect([room.isBuilt, cutting.length]).toEqual([true, 0])
})
