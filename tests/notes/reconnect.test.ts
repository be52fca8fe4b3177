import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ana, bo, noteA, officeId, TestOffice } from './office.ts'

let office: TestOffice
beforeEach(async () => {
  office = await TestOffice.start({ idleMs: 0 })
})
afterEach(() => office.close())

describe('after a lost connection', () => {
  it('L3 typing goes on while a slow room loads: no gap, nothing lost', async () => {
    const tab = office.tab(ana)
    const a = await tab.open(noteA)
    office.gate.slowMs = 20
    let typed = 0
    const typing = setInterval(() => a.type(`${typed++} `), 4)
    for (let round = 0; round < 8; round++) {
      tab.cut()
      await a.until(() => !a.provider.wsconnected)
      await a.synced()
      await a.until(() => a.saved > 2)
    }
    clearInterval(typing)
    office.gate.slowMs = 0
    await a.allSaved()
    expect(a.closes.map(({ code }) => code)).toEqual(Array.from({ length: 8 }, () => 1006))
    expect(await office.storedText(noteA)).toBe(a.text)
    expect(a.text).toBe(`<paragraph>${Array.from({ length: typed }, (_, i) => `${i} `).join('')}</paragraph>`)
    expect(a.doc.clientID).toBe(a.open.clientId)
  })

  it('L3 what two people typed without a line is kept and merged', async () => {
    const [tabA, tabB] = [office.tab(ana), office.tab(bo)]
    const [a, b] = await Promise.all([tabA.open(noteA), tabB.open(noteA)])
    a.type('common ')
    await b.until(() => b.text.includes('common'))
    tabA.cut()
    tabB.cut()
    await Promise.all([a.until(() => !a.provider.wsconnected), b.until(() => !b.provider.wsconnected)])
    a.type('from Ana ')
    b.type('from Bo ')
    const isMerged = () => a.text === b.text && a.text.includes('Ana') && a.text.includes('Bo')
    await Promise.race([a.until(isMerged), b.until(isMerged)])
    await Promise.all([a.allSaved(), b.allSaved()])
    expect(await office.storedText(noteA)).toBe(a.text)
  })

  it('the same document and client id go on after the server was stopped and started', async () => {
    const session = office.tab(ana).session(noteA)
    await session.untilStatus(({ state }) => state === 'saved')
    session.type('before')
    await session.untilStatus(({ state }) => state === 'saved')
    const doc = session.session.doc
    await office.server.drain()
    await session.untilStatus(({ state }) => state === 'offline')
    session.type('meanwhile')
    office.server = office.createServer()
    await session.untilStatus(({ state }) => state === 'saved')
    expect(session.session.doc).toBe(doc)
    expect(await office.storedText(noteA)).toBe('<paragraph>before</paragraph><paragraph>meanwhile</paragraph>')
    expect(await office.store.clientsOf(officeId, noteA, ana)).toEqual([doc?.clientID])
  })

  it('a stop stores what it has, says so, and tells everybody to come back', async () => {
    const tab = office.tab(ana)
    const a = await tab.open(noteA)
    await a.allSaved()
    const reached = office.gate.hold()
    a.type('last words')
    await reached
    a.type(' and more')
    await tab.roundTrip()
    const { sent } = a
    const saved = a.until(() => a.saved === sent)
    const drained = office.server.drain()
    office.gate.release()
    await drained
    await Promise.all([saved, a.until(() => a.closes.length > 0)])
    expect(a.closes[0]?.code).toBe(4503)
    expect(await office.storedText(noteA)).toBe('<paragraph>last words and more</paragraph>')
    office.server = office.createServer()
  })

  it('a line on which the server is silent for 15 s stays open, because it is not', async () => {
    await office.close()
    office = await TestOffice.start({ keepAliveMs: 20 })
    const tab = office.tab(ana)
    const { epoch, clientId, schema } = await office.grant(ana, noteA)
    const raw = tab.raw({ note: noteA, epoch, clientId, schema })
    await raw.isOpen
    const first = raw.messages.length
    await raw.until(() => raw.messages.length >= first + 3)
    expect(raw.messages.slice(first + 1).every((m) => m.length === 3 && m[0] === 1)).toBe(true)
  })
})
