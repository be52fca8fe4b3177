import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { ana, bo, noteA, noteB, officeId, TestOffice } from './office.ts'

let office: TestOffice
beforeEach(async () => {
  office = await TestOffice.start()
})
afterEach(() => office.close())

const none = { read: false, write: false }
const readOnly = { read: true, write: false }

describe('L2 a right that is withdrawn', () => {
  it('L2 takes the note off the screen within a second, and nothing is appended after', async () => {
    const [a, b] = await Promise.all([office.tab(ana).open(noteA), office.tab(bo).session(noteA)])
    await b.untilStatus(({ state }) => state === 'saved')
    a.type('secret')
    await b.until(() => b.text?.includes('secret') ?? false)
    await office.setRight(bo, noteA, none)
    const { updates } = await office.store.note(officeId, noteA)
    const withdrawnAt = performance.now()
    void office.server.accessChanged(officeId, [noteA])
    b.type('too late')
    await b.untilStatus(({ state }) => state === 'denied')
    expect(performance.now() - withdrawnAt).toBeLessThan(1_000)
    expect(b.denied).toBe(1)
    a.type('!')
    await a.allSaved()
    expect((await office.store.note(officeId, noteA)).updates.length).toBe(updates.length + 1)
    expect(b.text).not.toContain('!')
  })

  it('L2 refuses the append that was judged before it, even when nobody has told the rooms yet', async () => {
    const tab = office.tab(bo)
    const b = await tab.open(noteA)
    await b.allSaved()
    const reached = office.gate.hold()
    b.type('judged before')
    await reached
    await office.setRight(bo, noteA, none)
    office.gate.release()
    expect(await b.closedWith()).toBe(4403)
    expect(await office.storedText(noteA)).toBe('')
    expect((await tab.connect(noteB)).closes).toEqual([])
  })

  it('L2 what was sent once more while the first of it came back as fenced is not called saved either', async () => {
    const b = await office.tab(bo).open(noteA)
    await b.allSaved()
    const other = office.tab(bo)
    const again = other.raw(b.open)
    await again.isOpen
    const reached = office.gate.hold()
    b.type('sent twice')
    await reached
    again.sync(2, Y.encodeStateAsUpdate(b.doc))
    await other.roundTrip()
    await office.setRight(bo, noteA, none)
    office.gate.release()
    expect(await b.closedWith()).toBe(4403)
    expect(await again.closed).toBe(4403)
    expect(again.savedFrames).toBe(0)
    expect(await office.storedText(noteA)).toBe('')
  })

  it('an append that comes back as fenced, though the right is still there, is tried again', async () => {
    const b = await office.tab(bo).open(noteA)
    await b.allSaved()
    await office.setRight(ana, noteA, readOnly)
    b.type('still allowed')
    await b.allSaved()
    expect(await office.storedText(noteA)).toBe('<paragraph>still allowed</paragraph>')
    expect(b.closes).toEqual([])
  })

  it('to write, but not to read: the same text comes back to be read, and to write again when that comes back', async () => {
    const session = office.tab(bo).session(noteA)
    await session.untilStatus(({ state }) => state === 'saved')
    session.type('mine')
    await session.untilStatus(({ state }) => state === 'saved')
    const { doc } = session.session
    await office.setRight(bo, noteA, readOnly)
    void office.server.accessChanged(officeId, 'all')
    await session.untilStatus(({ state }) => state === 'readonly')
    expect(session.denied).toBe(0)
    await office.setRight(bo, noteA, { read: true, write: true })
    void office.server.accessChanged(officeId, [noteA])
    await session.untilStatus(({ state }) => state === 'saved')
    expect(session.session.doc).toBe(doc)
    session.type('again')
    await session.untilStatus(({ state }) => state === 'saved')
    expect(await office.storedText(noteA)).toBe('<paragraph>mine</paragraph><paragraph>again</paragraph>')
  })

  it('while the channel is being opened: it does not open', async () => {
    const { epoch, schema, clientId } = await office.grant(bo, noteA)
    await office.server.drain()
    office.server = office.createServer()
    office.gate.slowMs = 50
    const opened = office.tab(bo).raw({ note: noteA, epoch, schema, clientId })
    await office.gate.reading()
    await office.setRight(bo, noteA, none)
    await office.server.accessChanged(officeId, [noteA])
    expect(await opened.closed).toBe(4401)
    expect(opened.messages).toEqual([])
  })

  it("leaves other notes and other members' channels open", async () => {
    const tab = office.tab(bo)
    const [other, mine, colleague] = [await tab.open(noteB), await tab.open(noteA), await office.tab(ana).open(noteA)]
    await office.setRight(bo, noteA, none)
    await office.server.accessChanged(officeId, [noteA])
    expect(await mine.closedWith()).toBe(4403)
    other.type('open')
    colleague.type('open')
    await Promise.all([other.allSaved(), colleague.allSaved()])
    expect([other.closes, colleague.closes]).toEqual([[], []])
  })

  it('with the session: all channels of its tabs close for good, those of others stay', async () => {
    const tabs = [office.tab(bo), office.tab(bo)] as const
    const [one, two, other] = [await tabs[0].open(noteA), await tabs[1].open(noteB), await office.tab(ana).open(noteA)]
    office.server.sessionEnded(`session of ${bo}`)
    expect([await one.closedWith(), await two.closedWith()]).toEqual([4401, 4401])
    other.type('still here')
    await other.allSaved()
    expect(other.closes).toEqual([])
  })
})
