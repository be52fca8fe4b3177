import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { noteSchema } from '#shared/contracts/notes-wire.ts'
import { createLog, type Log } from '../../server/log.ts'
import { ana, bo, noteA, noteB, officeId, TestOffice } from './office.ts'

let office: TestOffice
beforeEach(async () => {
  office = await TestOffice.start({ idleMs: 0 })
})
afterEach(() => office.close())

/** An update under the client ids 2 and 3 that makes Yjs throw when it is applied. */
const lethal = new Uint8Array(
  Buffer.from(
    '0202020024000300026b300362636401000200020403000701046e6f7465064403000362636448020001760101617d0188020001760101617d010103010001',
    'hex',
  ),
)

describe('L3 a note cannot be destroyed', () => {
  it('L3 by an update that Yjs throws on: it is refused, nothing is stored, the others go on', async () => {
    const grants = [await office.grant(bo, noteA), await office.grant(bo, noteA)]
    expect(grants.map(({ clientId }) => clientId)).toEqual([2, 3])
    const a = await office.tab(ana).open(noteA)
    a.type('precious')
    await a.allSaved()
    const raw = office.tab(bo).raw({ note: noteA, epoch: 1, schema: noteSchema, clientId: 3 })
    await raw.isOpen
    raw.sync(2, lethal)
    expect(await raw.closed).toBe(4411)
    a.type(' text')
    await a.allSaved()
    expect(a.closes).toEqual([])
    expect((await office.tab(bo).open(noteA)).text).toBe('<paragraph>precious text</paragraph>')
  })

  it('L3 by such an update in its log: everything else is read, and can be written on', async () => {
    const author = new Y.Doc()
    author.clientID = 9
    const paragraph = new Y.XmlElement('paragraph')
    paragraph.insert(0, [new Y.XmlText('precious')])
    author.getXmlFragment('note').insert(0, [paragraph])
    const fence = await office.store.fence(officeId, noteA)
    const stored = [lethal, Y.encodeStateAsUpdate(author)]
    await office.store.appendNotes(
      stored.map((bytes, i) => ({ officeId, note: noteA, epoch: 1, seq: i + 1, memberId: bo, at: 0, bytes, fence })),
    )
    const a = await office.tab(ana).open(noteA)
    expect(a.text).toBe('<paragraph>precious</paragraph>')
    a.type(' text')
    await a.allSaved()
    a.destroy()
    await office.server.drain()
    office.server = office.createServer()
    expect((await office.tab(bo).open(noteA)).text).toBe('<paragraph>precious text</paragraph>')
  })
})

describe('a flood of frames', () => {
  it('closes the socket, but 2000 updates at once are only a paste', async () => {
    const a = await office.tab(ana).open(noteA)
    for (let i = 0; i < 2_000; i++) a.type('x')
    await a.allSaved()
    expect(a.closes).toEqual([])
    const { epoch, schema, clientId } = await office.grant(bo, noteA)
    const raw = office.tab(bo).raw({ note: noteA, epoch, schema, clientId })
    await raw.isOpen
    for (let i = 0; i < 5_000; i++) raw.sync(0, new Uint8Array([0]))
    expect(await raw.closed).toBe(4413)
    expect(a.closes).toEqual([])
  })
})

describe('a note that is filled up', () => {
  it('takes no more than 8 MB: the channel closes with its own code, what was stored stays, and whoever looks after the server sees it', async () => {
    const events: object[] = []
    const log: Log = Object.assign(createLog('silent'), { warn: (fields: object) => void events.push(fields) })
    await office.close()
    office = await TestOffice.start({ idleMs: 0, log })
    const a = await office.tab(ana).open(noteA)
    for (let i = 0; i < 45; i++) a.type(`${i}`.padEnd(200 * 1024, '.'))
    expect(await a.closedWith()).toBe(4413)
    // what was taken before is stored all the same, some time after the refusal
    await expect.poll(async () => (await office.storedText(noteA)).length).toBeGreaterThan(7 * 1024 * 1024)
    expect((await office.storedText(noteA)).length).toBeLessThan(8 * 1024 * 1024)
    expect(events).toContainEqual({
      officeId,
      note: noteA,
      memberId: ana,
      code: 4413,
      reason: 'the note is full',
      event: 'noteFrameRefused',
    })
    const b = await office.tab(bo).open(noteB)
    b.type('elsewhere')
    await b.allSaved()
  })
})
