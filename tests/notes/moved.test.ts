import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { close } from '#shared/contracts/notes-wire.ts'
import type { NotesServer } from '../../server/rooms/notes-server.ts'
import { ana, bo, noteA, officeId, TestOffice, vic } from './office.ts'
import type { Tab, Writer } from './tab.ts'

let office: TestOffice
/** Another node on the same store, that nobody tells what the first one writes. */
let behind: NotesServer
let tab: Tab
let writer: Writer

describe('a tab that moves to a node that is behind', () => {
  beforeEach(async () => {
    office = await TestOffice.start()
    behind = office.createServer()
    // whose room stays as it is now
    await on(behind, () => office.tab(bo).open(noteA))
    tab = office.tab(ana)
    writer = await tab.open(noteA)
  })
  afterEach(async () => {
    await behind.drain()
    await office.close()
  })

  it('brings what a colleague wrote on the other node: it is known, and the tab goes on writing', async () => {
    const colleague = await office.tab(vic).open(noteA)
    colleague.type('from a colleague ')
    await writer.until(() => writer.text.includes('from a colleague'))
    move()
    await writer.until(() => !writer.provider.wsconnected)
    writer.type('and on')
    await writer.allSaved()
    expect(writer.closes.map(({ code }) => code)).not.toContain(close.foreignClient)
    expect(await office.storedText(noteA)).toContain('from a colleague and on')
  })

  it('brings what was written in another tab of the same member, under a client id that was granted since', async () => {
    const raw = office.tab(ana)
    const early = raw.raw(writer.open)
    await early.isOpen
    const later = await office.tab(ana).open(noteA)
    const doc = new Y.Doc()
    doc.clientID = (await office.grant(ana, noteA)).clientId
    const paragraph = new Y.XmlElement('paragraph')
    paragraph.insert(0, [new Y.XmlText('from the other tab')])
    doc.getXmlFragment('note').insert(0, [paragraph])
    early.sync(2, Y.encodeStateAsUpdate(doc))
    await later.until(() => later.text.includes('from the other tab'))
  })

  it('deletes what the node it comes to did not know yet', async () => {
    const colleague = await office.tab(vic).open(noteA)
    colleague.type('deleted')
    await writer.until(() => writer.text.includes('deleted'))
    move()
    await writer.until(() => !writer.provider.wsconnected)
    const [paragraph] = writer.doc.getXmlFragment('note').toArray()
    expect(paragraph).toBeDefined()
    writer.doc.getXmlFragment('note').delete(0, 1)
    await writer.allSaved()
    expect(writer.closes.filter(({ code }) => code >= 4_000)).toEqual([])
    expect(await office.storedText(noteA)).toBe('')
  })

  it('gets what is written on the other node when its own looks whether notes went on, though nobody tells it; also another epoch', async () => {
    const moved = await on(behind, () => office.tab(bo).open(noteA))
    for (const word of ['unheard ', 'of ']) {
      writer.type(word)
      await writer.allSaved()
      await behind.lookAround()
      await moved.until(() => moved.text === writer.text)
    }
    expect(await office.server.rebuild(officeId, noteA, rebuilt())).toBe('done')
    const told = moved.closes.length
    await behind.lookAround()
    await moved.until(() => moved.closes.length > told)
    expect(moved.closes[told]?.code).toBe(close.otherEpoch)
  })

  it('finds the text it was told of where the note was rebuilt meanwhile', async () => {
    writer.type('before')
    await writer.allSaved()
    expect(await office.server.rebuild(officeId, noteA, rebuilt())).toBe('done')
    const { epoch, clientId } = await office.grant(ana, noteA)
    const moved = await on(behind, async () => {
      const opened = office.tab(ana).writer({ note: noteA, epoch, schema: writer.open.schema, clientId })
      await opened.synced()
      return opened
    })
    expect(moved.closes.map(({ code }) => code)).not.toContain(close.otherEpoch)
  })
})

/** An update that is an empty note. */
const rebuilt = () => new Uint8Array([0, 0])

/** From now on whoever connects comes to the node that is behind, and the tab's line is cut. */
function move(): void {
  office.server = behind
  tab.cut()
}

async function on<T>(server: NotesServer, work: () => Promise<T>): Promise<T> {
  const before = office.server
  office.server = server
  try {
    return await work()
  } finally {
    office.server = before
  }
}
