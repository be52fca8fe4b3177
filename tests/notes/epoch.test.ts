import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { noteSchema } from '#shared/contracts/notes-wire.ts'
import { noteUpdateFromText } from '../../server/rooms/import-text.ts'
import { ana, bo, noteA, noteB, officeId, TestOffice } from './office.ts'

let office: TestOffice
beforeEach(async () => (office = await TestOffice.start()))
afterEach(() => office.close())

const saved = ({ state }: { state: string }) => state === 'saved'

describe('a note that is rebuilt', () => {
  it('tells every browser that has it open to load it again; nothing of the old text is left, or can be brought back', async () => {
    const [tab, colleague] = [office.tab(ana), office.tab(bo)]
    const sessions = [tab.session(noteA), colleague.session(noteA)]
    for (const session of sessions) await session.untilStatus(saved)
    sessions[0]!.type('the number of the passport')
    await sessions[1]!.until(() => sessions[1]!.text?.includes('passport') ?? false)
    expect(await office.server.rebuild(officeId, noteA, noteUpdateFromText('anonymous'))).toBe('done')
    for (const session of sessions) await session.untilStatus(({ state }) => state === 'reload')
    expect(await office.storedText(noteA)).toBe('<paragraph>anonymous</paragraph>')
    const { snapshot, updates } = await office.store.note(officeId, noteA)
    const stored = [...(snapshot ? [snapshot.bytes] : []), ...updates.map(({ bytes }) => bytes)]
    expect(stored.some((bytes) => Buffer.from(bytes).includes('passport'))).toBe(false)

    const again = office.tab(bo).session(noteA)
    await again.untilStatus(saved)
    expect(again.text).toBe('<paragraph>anonymous</paragraph>')
    again.type('and on')
    await again.untilStatus(({ state, savedAt }) => state === 'saved' && savedAt !== null)
    expect(await office.storedText(noteA)).toBe('<paragraph>anonymous</paragraph><paragraph>and on</paragraph>')
  })

  it('while somebody is offline: their words come back to them, and not into the note', async () => {
    const [tab, other] = [office.tab(ana), office.tab(bo)]
    const [session, elsewhere] = [tab.session(noteA), tab.session(noteB)]
    await Promise.all([session.untilStatus(saved), elsewhere.untilStatus(saved)])
    const reached = office.gate.hold()
    session.type('typed on the train')
    await reached
    tab.cut()
    await session.untilStatus(({ state }) => state === 'offline')
    expect(await office.server.rebuild(officeId, noteA, noteUpdateFromText('anew'))).toBe('done')
    office.gate.release()
    await session.untilStatus(({ state }) => state === 'reload')
    expect(session.status).toMatchObject({ hasUnsaved: true, mayWrite: false })
    expect(session.text).toContain('typed on the train')
    await elsewhere.untilStatus(saved)
    const fresh = other.session(noteA)
    await fresh.untilStatus(saved)
    expect(fresh.text).toBe('<paragraph>anew</paragraph>')
  })

  it('takes no text that is not complete in itself', async () => {
    const doc = new Y.Doc()
    doc.clientID = 7
    doc.getXmlFragment('note').insert(0, [new Y.XmlElement('paragraph')])
    const before = Y.encodeStateVector(doc)
    doc.getXmlFragment('note').insert(1, [new Y.XmlElement('paragraph')])
    await expect(office.server.rebuild(officeId, noteA, Y.encodeStateAsUpdate(doc, before))).rejects.toThrow()
    expect((await office.store.note(officeId, noteA)).epoch).toBe(1)
  })
})

describe('an editor of another version', () => {
  it('reads along and writes nothing, whatever its member may; what was written with the newer one stays', async () => {
    const writer = await office.tab(ana).open(noteA)
    writer.type('written')
    await writer.allSaved()
    const older = office.tab(bo).session(noteA, { schema: noteSchema + 1 })
    await older.untilStatus(({ state }) => state === 'outdated')
    expect(older.status).toMatchObject({ mayWrite: false, hasUnsaved: false })
    // what an editor does with what it does not know
    older.session.doc!.getXmlFragment('note').delete(0, 1)
    writer.type(' on')
    await writer.allSaved()
    await older.until(() => older.session.doc!.getXmlFragment('note').length === 0)
    expect(await office.storedText(noteA)).toBe('<paragraph>written on</paragraph>')
  })

  it('stays so when a right goes and comes back', async () => {
    const older = office.tab(bo).session(noteA, { schema: noteSchema + 1 })
    await older.untilStatus(({ state }) => state === 'outdated')
    await office.setRight(bo, noteA, { read: true, write: false })
    await office.server.accessChanged(officeId, [noteA])
    await office.setRight(bo, noteA, { read: true, write: true })
    await office.server.accessChanged(officeId, [noteA])
    await office.tab(bo).roundTrip()
    expect(older.status.state).toBe('outdated')
  })
})
