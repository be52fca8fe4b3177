import { afterEach, beforeEach, expect, it } from 'vitest'
import * as Y from 'yjs'
import { ana, bo, noteA, officeId, TestOffice, vic } from './office.ts'
import type { Writer } from './tab.ts'

let office: TestOffice
beforeEach(async () => {
  office = await TestOffice.start({ idleMs: 0 })
})
afterEach(() => office.close())

/** Resolves when the note's log is so short again. */
async function untilShort(rows: number): Promise<void> {
  while ((await office.store.note(officeId, noteA)).updates.length > rows) await new Promise((resolve) => setImmediate(resolve))
}

/** Resolves when another has all that this one wrote: it is stored by then, and sooner than the footer says so. */
async function isRead(writer: Writer, by: Writer): Promise<void> {
  const { clientID, store } = writer.doc
  const clock = Y.getState(store, clientID)
  await by.until(() => Y.getState(by.doc.store, clientID) >= clock)
}

it('L3 a log that grows is compacted while two go on typing, and nobody notices', async () => {
  const [a, b] = [await office.tab(ana).open(noteA), await office.tab(bo).open(noteA)]
  for (let i = 0; i < 700; i++) {
    a.type(`a${i} `)
    b.type(`b${i} `)
    // in rows of their own, as typed
    if (i % 10 === 0) await Promise.all([isRead(a, b), isRead(b, a)])
  }
  await Promise.all([a.allSaved(), b.allSaved()])
  await untilShort(500)
  expect((await office.store.note(officeId, noteA)).snapshot?.seq).toBeGreaterThan(0)
  await a.until(() => a.text === b.text)
  expect([a.closes, b.closes]).toEqual([[], []])
  const c = await office.tab(bo).open(noteA)
  expect(c.text).toBe(a.text)
  expect(await office.storedText(noteA)).toBe(a.text)
})

it('L3 after a restart the note is its snapshot and what followed, and is written on', async () => {
  const [a, reader] = [await office.tab(ana).open(noteA), await office.tab(vic).open(noteA)]
  for (let i = 0; i < 320; i++) {
    a.type(`${i} `)
    if (i % 5 === 0) await isRead(a, reader)
  }
  await a.allSaved()
  await untilShort(300)
  const text = a.text
  for (const tab of [a, reader]) tab.destroy()
  await office.server.drain()
  office.server = office.createServer()
  const b = await office.tab(bo).open(noteA)
  expect(b.text).toBe(text)
  b.type('and on')
  await b.allSaved()
  expect(await office.storedText(noteA)).toBe(b.text)
})

it('a colleague who was away while the log was cut comes back with their words', async () => {
  const [a, b, reader] = [await office.tab(ana).open(noteA), await office.tab(bo).open(noteA), await office.tab(vic).open(noteA)]
  a.type('start ')
  await a.allSaved()
  await b.until(() => b.text.includes('start'))
  b.provider.disconnect()
  b.type('offline ')
  for (let i = 0; i < 330; i++) {
    a.type(`${i} `)
    if (i % 5 === 0) await isRead(a, reader)
  }
  await a.allSaved()
  await untilShort(300)
  b.provider.connect()
  await b.allSaved()
  await a.until(() => a.text.includes('offline'))
  await b.until(() => b.text === a.text)
})
