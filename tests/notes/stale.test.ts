import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { close, noteSchema } from '#shared/contracts/notes-wire.ts'
import { ana, noteA, TestOffice } from './office.ts'

let office: TestOffice

describe('a store that is behind what a member was told', () => {
  beforeEach(async () => {
    office = await TestOffice.start()
  })
  afterEach(() => office.close())

  it('is asked to be up to date before a channel is refused for good: it opens', async () => {
    const grant = await office.grant(ana, noteA)
    office.gate.fallBehind()
    const writer = office.tab(ana).writer({ note: noteA, epoch: grant.epoch, schema: noteSchema, clientId: grant.clientId })
    await writer.synced()
    writer.type('kept')
    await writer.allSaved()
    expect(writer.closes).toEqual([])
  })

  it('and before what came under a client id that was granted elsewhere is refused for good', async () => {
    const writer = await office.tab(ana).open(noteA)
    const raw = office.tab(ana).raw(writer.open)
    await raw.isOpen
    const doc = new Y.Doc()
    doc.clientID = (await office.grant(ana, noteA)).clientId
    const paragraph = new Y.XmlElement('paragraph')
    paragraph.insert(0, [new Y.XmlText('from elsewhere')])
    doc.getXmlFragment('note').insert(0, [paragraph])
    office.gate.fallBehind()
    raw.sync(2, Y.encodeStateAsUpdate(doc))
    await writer.until(() => writer.text.includes('from elsewhere'))
  })

  it('where it cannot be, the tab is told to come back, and is let in when it can', async () => {
    const grant = await office.grant(ana, noteA)
    office.gate.fallBehind({ isAlone: true })
    const writer = office.tab(ana).writer({ note: noteA, epoch: grant.epoch, schema: noteSchema, clientId: grant.clientId })
    await writer.until(() => writer.closes.length > 0)
    expect(writer.closes[0]?.code).toBe(close.again)
    office.gate.catchUp()
    await writer.synced()
  })

  it('a client id that was granted to nobody stays refused for good', async () => {
    const { epoch } = await office.grant(ana, noteA)
    const writer = office.tab(ana).writer({ note: noteA, epoch, schema: noteSchema, clientId: 4_000_000 })
    await writer.until(() => writer.closes.length > 0)
    expect(writer.closes[0]?.code).toBe(close.foreignClient)
  })
})
