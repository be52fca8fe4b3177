import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { maxFrameBytes, maxMessageBytes, noteSchema } from '#shared/contracts/notes-wire.ts'
import { ana, bo, noteA, noteB, officeId, TestOffice, vic } from './office.ts'
import type { RawChannel } from './tab.ts'

let office: TestOffice
beforeEach(async () => {
  office = await TestOffice.start()
})
afterEach(() => office.close())

/** A member's own channel, to send anything through. */
async function intruder(memberId = bo): Promise<{ raw: RawChannel; clientId: number }> {
  const grant = await office.grant(memberId, noteA)
  const { epoch, schema, clientId } = grant
  const raw = office.tab(memberId).raw({ note: noteA, epoch, schema, clientId })
  await raw.isOpen
  return { raw, clientId }
}

/** The updates of a document that starts from `base`, edited under this client id. */
function edits(clientId: number, base: Uint8Array | null, edit: (fragment: Y.XmlFragment, doc: Y.Doc) => void): Uint8Array[] {
  const doc = new Y.Doc()
  if (base) Y.applyUpdate(doc, base)
  doc.clientID = clientId
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  edit(doc.getXmlFragment('note'), doc)
  return updates
}

const paragraph = (text: string) => {
  const element = new Y.XmlElement('paragraph')
  element.insert(0, [new Y.XmlText(text)])
  return element
}

describe('what is refused', () => {
  it("a client id that was issued to somebody else, at the door and in the bytes, leaves the victim's text as it was", async () => {
    const victim = await office.tab(ana).open(noteA)
    victim.type('mine')
    await victim.allSaved()
    const before = victim.text
    const { clientId } = victim.open
    expect(await office.tab(bo).raw(victim.open).closed).toBe(4410)
    const { raw } = await intruder()
    for (const forged of edits(clientId, Y.encodeStateAsUpdate(victim.doc), (f) => f.insert(0, [paragraph('forged')]))) raw.sync(2, forged)
    expect(await raw.closed).toBe(4410)
    expect(victim.text).toBe(before)
    expect(await office.storedText(noteA)).toBe(before)
    victim.type(' still')
    await victim.allSaved()
    expect(victim.text).toBe('<paragraph>mine still</paragraph>')
  })

  it('a client id of mine from another note', async () => {
    await office.grant(ana, noteA)
    const second = await office.grant(ana, noteA)
    await office.grant(ana, noteB)
    expect(await office.tab(ana).raw({ note: noteB, epoch: 1, schema: noteSchema, clientId: second.clientId }).closed).toBe(4410)
  })

  it('an update that misses its predecessor, which may come again', async () => {
    const { raw, clientId } = await intruder()
    const [, second] = edits(clientId, null, (f) => {
      f.insert(0, [paragraph('a')])
      f.insert(1, [paragraph('b')])
    })
    raw.sync(2, second ?? new Uint8Array())
    expect(await raw.closed).toBe(4503)
  })

  it('a delete of what nobody wrote, which may come again', async () => {
    const { raw } = await intruder()
    raw.sync(2, new Uint8Array([0, 1, 7, 1, 0, 5]))
    expect(await raw.closed).toBe(4503)
  })

  it.each<[string, (clientId: number) => Uint8Array]>([
    ['bytes that are no update', () => new Uint8Array([1, 255, 255, 255, 255, 255])],
    ['the V2 encoding', (id) => Y.convertUpdateFormatV1ToV2(edits(id, null, (f) => f.insert(0, [paragraph('x')]))[0] ?? new Uint8Array())],
    ['an empty V2 update', () => Y.encodeStateAsUpdateV2(new Y.Doc())],
    ['an update cut short', (id) => (edits(id, null, (f) => f.insert(0, [paragraph('x')]))[0] ?? new Uint8Array()).slice(0, -4)],
    ['text at another root', (id) => edits(id, null, (_, doc) => doc.getText('elsewhere').insert(0, 'x'))[0] ?? new Uint8Array()],
    [
      'a document inside the document',
      (id) => {
        const withDocument = (f: Y.XmlFragment) => {
          const element = new Y.XmlElement<Record<string, Y.Doc>>('paragraph')
          element.setAttribute('inner', new Y.Doc())
          f.insert(0, [element as unknown as Y.XmlElement])
        }
        return edits(id, null, withDocument)[0] ?? new Uint8Array()
      },
    ],
  ])('%s', async (_, make) => {
    const { raw, clientId } = await intruder()
    raw.sync(2, make(clientId))
    expect(await raw.closed).toBe(4411)
    expect((await office.store.note(officeId, noteA)).updates).toEqual([])
  })

  it('a frame too large closes its channel alone', async () => {
    const { raw } = await intruder()
    raw.sync(2, new Uint8Array(maxFrameBytes + 1))
    expect(await raw.closed).toBe(4413)
  })

  it('an update that no note could hold closes this channel alone, and the browser does not even send it', async () => {
    const tab = office.tab(ana)
    const [large, other] = [await tab.open(noteA), await tab.open(noteB)]
    large.type('x'.repeat(maxMessageBytes))
    expect(await large.closedWith()).toBe(4413)
    other.type('goes on')
    await other.allSaved()
    expect(tab.raws.length).toBe(1)
  })

  it('messages nobody sends, and a malformed open', async () => {
    const { raw } = await intruder()
    raw.message((encoder) => encoder.cbuf.set([9, 9, 9], (encoder.cpos = 0)))
    raw.sync(0, new Uint8Array([255]))
    expect(await raw.closed).toBe(4411)
    expect(await office.tab(ana).raw(new TextEncoder().encode('{"note":1}')).closed).toBe(4411)
  })

  it('another epoch of the note', async () => {
    const { clientId, epoch, schema } = await office.grant(ana, noteA)
    expect(await office.tab(ana).raw({ note: noteA, clientId, schema, epoch: epoch + 1 }).closed).toBe(4409)
  })

  it('a tab without a session, for good', async () => {
    const { clientId, epoch, schema } = await office.grant(ana, noteA)
    const tab = office.tab(null)
    expect(await tab.raw({ note: noteA, clientId, schema, epoch }).closed).toBe(4401)
    const session = tab.session(noteA)
    await session.untilStatus(({ state }) => state === 'denied')
    expect(session.denied).toBe(1)
  })

  it('what a member writes who may only read: dropped, and never called saved', async () => {
    office.rights.set(vic, { read: true, write: false })
    const writer = await office.tab(ana).open(noteA)
    writer.type('to be read')
    await writer.allSaved()
    const tab = office.tab(vic)
    const reader = await tab.open(noteA)
    expect(reader.mayWrite).toBe(false)
    expect(reader.text).toBe(writer.text)
    reader.type(' scribble')
    writer.type(' by all')
    await Promise.all([writer.allSaved(), reader.until(() => reader.text.includes('by all'))])
    await tab.roundTrip()
    expect(reader.saved).toBe(0)
    expect(await office.storedText(noteA)).toBe('<paragraph>to be read by all</paragraph>')
    const session = office.tab(vic).session(noteA)
    await session.untilStatus(({ state }) => state === 'readonly')
    expect(session.status).toMatchObject({ hasUnsaved: false, mayWrite: false })
  })
})
