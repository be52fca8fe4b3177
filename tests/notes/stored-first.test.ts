import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { noteUpdateFromText } from '../../server/rooms/import-text.ts'
import { ana, bo, noteA, noteB, officeId, TestOffice } from './office.ts'

let office: TestOffice
beforeEach(async () => {
  office = await TestOffice.start()
})
afterEach(() => office.close())

describe('stored before it is sent on or called saved', () => {
  it('while the commit is on its way nobody sees the text and the writer hears nothing of saved', async () => {
    const tabs = [office.tab(ana), office.tab(bo)] as const
    const [a, b] = await Promise.all([tabs[0].open(noteA), tabs[1].open(noteA)])
    await a.allSaved()
    const reached = office.gate.hold()
    a.type('unseen')
    await reached
    await Promise.all(tabs.map((tab) => tab.roundTrip()))
    expect(b.text).toBe('')
    expect(a.saved).toBeLessThan(a.sent)
    // who comes now waits with the rest: the answer holds what is on its way
    const late = await tabs[1].connect(noteA)
    await late.until(() => late.mayWrite !== null)
    await tabs[1].roundTrip()
    expect([late.provider.synced, late.text]).toEqual([false, ''])
    office.gate.release()
    await Promise.all([a.allSaved(), b.until(() => b.text.includes('unseen')), late.until(() => late.text.includes('unseen'))])
    expect(await office.storedText(noteA)).toBe(b.text)
  })

  it('what could not be stored was seen by nobody, and comes again by itself when it can', async () => {
    const tabs = [office.tab(ana), office.tab(bo)] as const
    const [a, b] = await Promise.all([tabs[0].open(noteA), tabs[1].open(noteA)])
    await a.allSaved()
    const seen: string[] = []
    b.doc.on('update', () => seen.push(b.text))
    office.gate.failAppends = 3
    a.type('once more')
    await a.until(() => a.closes.length > 0)
    expect(seen).toEqual([])
    await Promise.all([a.allSaved(), b.until(() => b.text.includes('once more'))])
    expect(a.closes.map(({ code }) => code)).toContain(4503)
    expect(a.closes.every(({ code }) => code === 4503)).toBe(true)
    expect(await office.storedText(noteA)).toBe('<paragraph>once more</paragraph>')
  })

  it('the notes of an office are stored by one commit, one at a time', async () => {
    const tab = office.tab(ana)
    const [one, two] = await Promise.all([tab.open(noteA), tab.open(noteB)])
    await Promise.all([one.allSaved(), two.allSaved()])
    const reached = office.gate.hold()
    one.type('x')
    await reached
    const before = office.gate.appends.length
    one.type('1')
    two.type('2')
    one.type('3')
    await tab.roundTrip()
    expect(office.gate.appends.length).toBe(before)
    office.gate.release()
    await Promise.all([one.allSaved(), two.allSaved()])
    expect(office.gate.appends.length).toBe(before + 1)
    expect(office.gate.appends.at(-1)?.map(({ note, seq }) => [note, seq])).toEqual([
      [noteA, 2],
      [noteA, 3],
      [noteB, 1],
    ])
  })

  it('work that is sent again is called saved, and not stored twice', async () => {
    const tab = office.tab(ana)
    const a = await tab.open(noteA)
    a.type('once')
    await a.allSaved()
    const raw = tab.raw(a.open)
    await raw.isOpen
    const { updates } = await office.store.note(officeId, noteA)
    for (const { bytes } of updates) raw.sync(2, bytes)
    await raw.until(() => raw.savedFrames === updates.length)
    expect((await office.store.note(officeId, noteA)).updates.length).toBe(updates.length)
  })

  it('a number taken by another node is read and the next one tried', async () => {
    const a = await office.tab(ana).open(noteA)
    a.type('mine')
    await a.allSaved()
    const { updates } = await office.store.note(officeId, noteA)
    const bytes = noteUpdateFromText('theirs')
    const fence = await office.store.fence(officeId, noteA)
    const seq = updates.length + 1
    await office.store.appendNotes([{ officeId, note: noteA, epoch: 1, seq, memberId: bo, at: 0, bytes, fence }])
    a.type(' again')
    await Promise.all([a.allSaved(), a.until(() => a.text.includes('theirs'))])
    expect(await office.storedText(noteA)).toBe(a.text)
    expect(a.closes).toEqual([])
  })
})
