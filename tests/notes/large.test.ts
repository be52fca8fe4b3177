import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { writeHistory } from '../bench/notes/history.ts'
import { kind, maxFrameBytes, noteField } from '#shared/contracts/notes-wire.ts'
import { ana, bo, noteA, officeId, TestOffice } from './office.ts'

let office: TestOffice
beforeEach(async () => {
  office = await TestOffice.start()
})
afterEach(() => office.close())

/** A list of so many items of about 100 letters, in one step. */
function writeList(doc: Y.Doc, items: number): void {
  const list = new Y.XmlElement('bulletList')
  list.insert(
    0,
    Array.from({ length: items }, (_, i) => {
      const [item, paragraph] = [new Y.XmlElement('listItem'), new Y.XmlElement('paragraph')]
      paragraph.insert(0, [new Y.XmlText(`${i} `.padEnd(100, 'x'))])
      item.insert(0, [paragraph])
      return item
    }),
  )
  doc.getXmlFragment(noteField).insert(0, [list])
}

describe('L3 more than one frame holds', () => {
  it('L3 what was typed in a long time offline is sent when the line comes back, and called saved when all of it is stored', async () => {
    const tab = office.tab(ana)
    const session = tab.session(noteA)
    await session.untilStatus(({ state }) => state === 'saved')
    const [colleague, first] = [await office.tab(bo).open(noteA), tab.raws[0]]
    first?.terminate()
    await session.untilStatus(({ state }) => state === 'offline')
    for (let i = 0; i < 400; i++) session.type(`${i} `.padEnd(1_000, 'é'))
    expect(Y.encodeStateAsUpdate(session.session.doc ?? new Y.Doc()).length).toBeGreaterThan(3 * maxFrameBytes)
    await session.untilStatus(({ state }) => state === 'saved')
    expect(await office.storedText(noteA)).toBe(session.text)
    await colleague.until(() => colleague.text === session.text)
    session.type('and on')
    await session.untilStatus(({ state }) => state === 'saved')
    expect(await office.storedText(noteA)).toBe(session.text)
  })

  it('L3 a large step, such as undo brings back, reaches a colleague whole: no list is seen without its items', async () => {
    const [a, b] = [await office.tab(ana).open(noteA), await office.tab(bo).open(noteA)]
    const undo = new Y.UndoManager(a.doc.getXmlFragment(noteField), { captureTimeout: 0 })
    writeList(a.doc, 6_000)
    a.doc.getXmlFragment(noteField).delete(0, 1)
    await b.until(() => Y.getState(b.doc.store, a.open.clientId) === Y.getState(a.doc.store, a.open.clientId))
    const lengths = new Set<number>()
    b.doc.on('update', () => lengths.add((b.doc.getXmlFragment(noteField).get(0) as Y.XmlElement | undefined)?.length ?? 0))
    undo.undo()
    await a.allSaved()
    await b.until(() => b.text === a.text)
    expect([...lengths]).toEqual([6_000])
    expect([a.closes, (await office.store.note(officeId, noteA)).updates.length]).toEqual([[], 3])
  })

  it('L3 a line that is cut between the parts: nothing of it is stored, and it comes again whole', async () => {
    const tab = office.tab(ana)
    const a = await tab.open(noteA)
    const raw = tab.raws[0]
    const send = raw?.send.bind(raw) as ((bytes: Uint8Array) => void) | undefined
    let parts = 0
    if (raw) {
      raw.send = (bytes: Uint8Array) => {
        if (bytes[1] === kind.part && ++parts === 3) raw.terminate()
        else send?.(bytes)
      }
    }
    writeList(a.doc, 3_000)
    await a.until(() => a.closes.length > 0)
    await a.allSaved()
    expect(parts).toBeGreaterThanOrEqual(3)
    expect(await office.storedText(noteA)).toBe(a.text)
  })
})

describe('L3 a note that is long', () => {
  it('L3 is written on while its document is still being made: the words of several are stored and reach the others', async () => {
    const past = writeHistory(60_000, 0, 7)
    await office.store.rebuildNote(officeId, noteA, 1, { bytes: past.whole, vector: Y.encodeStateVectorFromUpdate(past.whole) })
    const [first, second] = [await office.tab(ana).open(noteA, { epoch: 2 }), await office.tab(bo).open(noteA, { epoch: 2 })]
    expect(first.text).toBe(past.text)
    first.type('from the first')
    second.type('from the second')
    first.type('and again')
    await Promise.all([first.allSaved(), second.allSaved()])
    await first.until(() => first.text === second.text)
    for (const words of ['from the first', 'from the second', 'and again']) expect(first.text).toContain(words)
    expect(await office.storedText(noteA)).toBe(first.text)
  })
})
