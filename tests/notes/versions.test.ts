import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { noteField } from '#shared/contracts/notes-wire.ts'
import type { Clock, Timer } from '../../server/rooms/clock.ts'
import { systemClock } from '../../server/rooms/clock.ts'
import { ana, bo, noteA, officeId, TestOffice } from './office.ts'

const place = { officeId, note: noteA }
let office: TestOffice
/** Milliseconds that the server's clock is ahead. */
let aheadMs: number
/** What waits for so long that only the clock ahead brings it about. */
const waits = new Set<{ untilMs: number; call: () => void }>()

beforeEach(async () => {
  aheadMs = 0
  waits.clear()
  const clock: Clock = { ...systemClock, now: () => Date.now() + aheadMs, after }
  office = await TestOffice.start({ clock, idleMs: 1_000 })
})
afterEach(() => office.close())

function after(ms: number, call: () => void): Timer {
  if (ms < 60_000) return systemClock.after(ms, call)
  const wait = { untilMs: aheadMs + ms, call }
  waits.add(wait)
  const timer: Timer = { cancel: () => void waits.delete(wait), unref: () => timer }
  return timer
}

/** Puts the server's clock ahead; resolves when what came of it is done. */
async function pass(ms: number): Promise<void> {
  aheadMs += ms
  for (const wait of waits) {
    if (wait.untilMs > aheadMs) continue
    waits.delete(wait)
    wait.call()
  }
  await office.server.versions.idle()
}

async function textOf(key: { epoch: number; seq: number }): Promise<string> {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, (await office.server.versions.read(place, key))!)
  return doc.getXmlFragment(noteField).toString()
}

const list = () => office.server.versions.list(place)

/** Resolves when so many states are kept. */
async function untilKept(count: number): Promise<void> {
  while ((await list()).length < count) await new Promise((resolve) => setImmediate(resolve))
}

describe('a state of a note', () => {
  it('is kept as the former author left it where another begins, and when the last who may write has left', async () => {
    const [a, b] = [await office.tab(ana).open(noteA), await office.tab(bo).open(noteA)]
    a.type('Ana was here. ')
    await a.allSaved()
    await b.until(() => b.text === a.text)
    const ofAna = a.text
    aheadMs = 60_000
    b.type('And Bo.')
    await b.allSaved()
    await untilKept(1)
    expect(await list()).toMatchObject([{ seq: 1, authors: [ana], reason: 'author', name: null }])
    expect(await textOf({ epoch: 1, seq: 1 })).toBe(ofAna)
    const both = b.text
    a.destroy()
    b.destroy()
    await untilKept(2)
    const [, last] = await list()
    expect(last).toMatchObject({ authors: [bo], reason: 'pause' })
    expect(await textOf(last!)).toBe(both)
  })

  it('is kept when nobody has written for three minutes, though all are still there, and once', async () => {
    const [a, b] = [await office.tab(ana).open(noteA), await office.tab(bo).open(noteA)]
    const pauseMs = 180_000
    for (const [writer, other] of [
      [a, b],
      [b, a],
      [a, b],
    ] as const) {
      writer.type('More. ')
      await writer.allSaved()
      await other.until(() => other.text === writer.text)
      // each word begins the pause anew
      await pass(writer === b ? pauseMs - 1 : 0)
      expect(await list()).toEqual([])
    }
    await pass(pauseMs - 1)
    expect(await list()).toEqual([])
    await pass(1)
    expect(await list()).toMatchObject([{ reason: 'pause', name: null }])
    const [kept] = await list()
    expect(kept!.authors.toSorted()).toEqual([ana, bo].toSorted())
    expect(await textOf(kept!)).toBe(a.text)
    await pass(10 * pauseMs)
    expect(await list()).toHaveLength(1)
  })

  it('is one of both where two write at the same time', async () => {
    const [a, b] = [await office.tab(ana).open(noteA), await office.tab(bo).open(noteA)]
    for (let i = 0; i < 20; i++) {
      for (const [writer, other] of [
        [a, b],
        [b, a],
      ] as const) {
        writer.type(`${i} `)
        await writer.allSaved()
        await other.until(() => other.text === writer.text)
      }
    }
    a.destroy()
    b.destroy()
    await untilKept(1)
    expect((await list()).map(({ authors }) => authors.toSorted())).toEqual([[ana, bo].toSorted()])
  })

  it('is kept under a name at once, told to who has the note open, and named again without another being kept', async () => {
    const a = await office.tab(ana).open(noteA)
    expect(await office.server.versions.keep(place, { reason: 'named', name: { text: 'Nothing', by: ana } })).toBeNull()
    a.type('To the bank.')
    await a.allSaved()
    const key = await office.server.versions.keep(place, { reason: 'named', name: { text: 'Sent', by: ana } })
    await a.until(() => a.versionsTold === 1)
    expect(await office.server.versions.keep(place, { reason: 'named', name: { text: 'Sent to the bank', by: bo } })).toEqual(key)
    await a.until(() => a.versionsTold === 2)
    expect(await list()).toMatchObject([{ name: 'Sent to the bank', namedBy: bo, authors: [ana], reason: 'named' }])
    expect(await textOf(key!)).toBe(a.text)
  })

  it('is kept once where two nodes keep it at the same time', async () => {
    const a = await office.tab(ana).open(noteA)
    a.type('one')
    await a.allSaved()
    const other = office.createServer()
    await Promise.all([office.server, other].map(({ versions }) => versions.keep(place, { reason: 'pause' })))
    expect(await list()).toHaveLength(1)
    await other.drain()
  })

  it('is kept for a day, then one a day; a named one for good', async () => {
    const a = await office.tab(ana).open(noteA)
    const day = 86_400_000
    for (const [i, ahead] of [0, 0.01, 0.02, 3].entries()) {
      aheadMs = ahead * day
      a.type(`${i} `)
      await a.allSaved()
      await office.server.versions.keep(place, i === 0 ? { reason: 'named', name: { text: 'First', by: ana } } : { reason: 'pause' })
    }
    expect((await office.store.versions(officeId, noteA)).map(({ seq }) => seq)).toEqual([1, 3, 4])
  })

  it('is not served any more when the rule leaves it out, and is gone from the store when the list is asked for', async () => {
    const a = await office.tab(ana).open(noteA)
    const keys = []
    for (const word of ['one ', 'two ', 'three ']) {
      a.type(word)
      await a.allSaved()
      keys.push((await office.server.versions.keep(place, { reason: 'pause' }))!)
    }
    const stored = async () => (await office.store.versions(officeId, noteA)).map(({ seq }) => seq)
    expect(await stored()).toEqual([1, 2, 3])
    expect(await office.server.versions.read(place, keys[0]!)).not.toBeNull()
    aheadMs = 3 * 86_400_000
    expect(await office.server.versions.read(place, keys[0]!)).toBeNull()
    expect((await list()).map(({ seq }) => seq)).toEqual([3])
    await office.server.versions.idle()
    expect(await stored()).toEqual([3])
  })

  it('comes with who wrote and who deleted what, also where the updates were made one', async () => {
    const [a, b] = [await office.tab(ana).open(noteA), await office.tab(bo).open(noteA)]
    a.type('abc')
    await a.allSaved()
    await b.until(() => b.text.includes('abc'))
    const words = (b.doc.getXmlFragment(noteField).get(0) as Y.XmlElement).get(0) as Y.XmlText
    words.delete(1, 1)
    await b.allSaved()
    const told = await office.server.versions.authors(place)
    await office.server.versions.keep(place, { reason: 'pause' })
    expect((await office.store.note(officeId, noteA)).updates).toEqual([])
    expect(await office.server.versions.authors(place)).toEqual(told)
    expect(new Map(told.clients)).toEqual(
      new Map([
        [a.open.clientId, ana],
        [b.open.clientId, bo],
      ]),
    )
    expect(told.deleted).toContainEqual([bo, [[a.open.clientId, 3, 1]]])
  })
})
