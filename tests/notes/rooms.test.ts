import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import type { Id } from '#shared/contracts/ids.ts'
import { noteSchema } from '#shared/contracts/notes-wire.ts'
import { ana, bo, noteA, TestOffice } from './office.ts'
import type { Tab, Writer } from './tab.ts'

let office: TestOffice
beforeEach(async () => {
  office = await TestOffice.start({ idleMs: 0 })
})
afterEach(() => office.close())

describe('the life of a room', () => {
  it('a load that fails never shows an empty note: the channel comes back until the text is there', async () => {
    const a = await office.tab(ana).open(noteA)
    a.type('precious')
    await a.allSaved()
    a.destroy()
    const grant = await office.grant(bo, noteA)
    await office.server.drain()
    office.server = office.createServer()
    office.gate.failReads = 3
    const seen: string[] = []
    const b = office.tab(bo).writer({ note: noteA, epoch: grant.epoch, schema: grant.schema, clientId: grant.clientId })
    b.provider.on('sync', (synced) => synced && seen.push(b.text))
    await b.synced()
    expect(b.closes.map(({ code }) => code)).toEqual([4503, 4503, 4503])
    expect(seen).toEqual(['<paragraph>precious</paragraph>'])
  })

  it('200 times open, type, close, without waiting, over a slow store: nothing is forgotten before it is stored', async () => {
    office.gate.slowMs = 3
    const tabs = [office.tab(ana), office.tab(bo), office.tab(ana), office.tab(bo)]
    const typed: string[] = []
    const cycle = async (tab: Tab, word: string, isPatient: boolean) => {
      const writer = await tab.open(noteA)
      writer.type(word)
      typed.push(word)
      if (isPatient) await writer.allSaved()
      writer.destroy()
    }
    const lane = async (tab: Tab, number: number) => {
      // every fifth waits for "saved", the others leave at once
      for (let round = 0; round < 50; round++) await cycle(tab, `w${number}-${round};`, round % 5 === 0)
    }
    await Promise.all(tabs.map(lane))
    await Promise.all(tabs.map((tab) => tab.roundTrip()))
    await office.server.drain()
    office.server = office.createServer()
    const text = await office.storedText(noteA)
    expect(typed.length).toBe(200)
    expect(typed.filter((word) => !text.includes(word))).toEqual([])
  })

  it('21 notes over one socket, one of them refused alone, and all merge after the line was cut', async () => {
    const notes = Array.from({ length: 21 }, (_, i): Id => `dossierMany${String(i).padStart(5, '0')}`)
    const refused = notes[20] ?? ''
    office.rights.set(`${bo}/${refused}`, { read: false, write: false })
    const [tabA, tabB] = [office.tab(ana), office.tab(bo)]
    const mine = await Promise.all(notes.map((note) => tabA.open(note)))
    const theirs = await Promise.all(notes.slice(0, 20).map((note) => tabB.open(note)))
    expect(await tabB.raw({ note: refused, epoch: 1, schema: noteSchema, clientId: 2 }).closed).toBe(4401)
    mine.forEach((writer, i) => writer.type(`note ${i}`))
    await Promise.all(theirs.map((writer, i) => writer.until(() => writer.text.includes(`note ${i}`))))
    expect([tabA.raws.length, tabB.raws.length]).toEqual([1, 1])
    tabA.cut()
    await Promise.all(mine.map((writer) => writer.until(() => !writer.provider.wsconnected)))
    mine.forEach((writer) => writer.type(' offline'))
    await Promise.all(theirs.map((writer) => writer.until(() => writer.text.includes('offline'))))
    expect(tabA.raws.length).toBe(2)
    expect(theirs.flatMap((writer) => writer.closes)).toEqual([])
  })

  it('a step 1 draws the document once in 10 s', async () => {
    const a = await office.tab(ana).open(noteA)
    a.type('long text')
    await a.allSaved()
    const { epoch, schema, clientId } = await office.grant(bo, noteA)
    const tab = office.tab(bo)
    const raw = tab.raw({ note: noteA, epoch, schema, clientId })
    await raw.isOpen
    for (let i = 0; i < 5; i++) raw.sync(0, new Uint8Array([0]))
    await tab.roundTrip()
    expect(raw.messages.filter(([type, subType]) => type === 0 && subType === 1).length).toBe(1)
  })

  it('a socket that does not read is closed, and the others do not wait for it', async () => {
    await office.close()
    office = await TestOffice.start({ maxUnsentBytes: 200_000 })
    const lazyTab = office.tab(bo)
    const [writer, lazy, reader] = [await office.tab(ana).open(noteA), await lazyTab.open(noteA), await office.tab(ana).open(noteA)]
    lazyTab.raws[0]?.pause()
    for (let i = 0; i < 80; i++) {
      // more than the system's own buffers take
      writer.type('x'.repeat(200_000))
      writer.doc.getXmlFragment('note').delete(0, 1)
      await reader.until(() => clockOf(reader, writer) === clockOf(writer, writer))
    }
    lazyTab.raws[0]?.resume()
    expect([1006, 4503]).toContain(await lazy.closedWith())
    expect(reader.closes).toEqual([])
  })
})

/** How far `reader` holds what `writer` wrote. */
function clockOf(reader: Writer, writer: Writer): number {
  return Y.getState(reader.doc.store, writer.open.clientId)
}
