import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ana, noteA, TestOffice } from './office.ts'

let office: TestOffice
beforeEach(async () => {
  office = await TestOffice.start()
})
afterEach(() => office.close())

describe('an honest "saved"', () => {
  it('is said only when every edit of this tab is stored, at every moment of a fast writer', async () => {
    const session = office.tab(ana).session(noteA)
    await session.untilStatus(({ state }) => state === 'saved')
    expect(session.status.savedAt).toBeNull()
    for (let i = 0; i < 50; i++) {
      session.type(`line ${i}`)
      expect(session.status.state).toBe('unsaved')
      if (i % 7 === 0) await session.untilStatus(({ hasUnsaved }) => !hasUnsaved)
      if (!session.status.hasUnsaved) expect(await office.storedText(noteA)).toBe(session.text)
    }
    await session.untilStatus(({ state }) => state === 'saved')
    expect(await office.storedText(noteA)).toBe(session.text)
    expect(session.status.savedAt).toBeInstanceOf(Date)
  })

  it('does not come while the store holds the text, and names the first n frames when part of them is stored', async () => {
    const tab = office.tab(ana)
    const a = await tab.open(noteA)
    await a.allSaved()
    const reached = office.gate.hold()
    a.type('one')
    await reached
    const firstFlight = a.sent
    a.type('two')
    a.type('three')
    await tab.roundTrip()
    expect(a.saved).toBeLessThan(firstFlight)
    const secondReached = office.gate.reached()
    office.gate.release()
    const again = office.gate.hold()
    await Promise.all([secondReached, again])
    await a.until(() => a.saved >= firstFlight)
    await tab.roundTrip()
    expect(a.saved).toBe(firstFlight)
    office.gate.release()
    await a.allSaved()
    expect(a.saved).toBe(firstFlight + 2)
  })

  it('comes at most every 250 ms while somebody types, and always at the end', async () => {
    const tab = office.tab(ana)
    const a = await tab.open(noteA)
    let words = 0
    const start = performance.now()
    a.type('x')
    let last = a.saved
    for (let i = 0; i < 150; i++) {
      a.type('x')
      await tab.roundTrip()
      if (a.saved !== last) words++
      last = a.saved
    }
    const lasted = performance.now() - start
    await a.allSaved()
    expect(words).toBeLessThanOrEqual(Math.ceil(lasted / 250) + 1)
  })

  it('a frame of a cut line says nothing any more: what it carried is unsaved until it came again', async () => {
    const tab = office.tab(ana)
    const session = tab.session(noteA)
    await session.untilStatus(({ state }) => state === 'saved')
    const reached = office.gate.hold()
    session.type('on its way')
    await reached
    tab.cut()
    await session.untilStatus(({ state }) => state === 'offline')
    expect(session.status.hasUnsaved).toBe(true)
    session.type('typed without a line')
    office.gate.release()
    await session.untilStatus(({ state }) => state === 'saved')
    expect(await office.storedText(noteA)).toBe('<paragraph>on its way</paragraph><paragraph>typed without a line</paragraph>')
  })

  it('a tab that cannot reach the server asks again for the grant, and shows nothing in place of the text', async () => {
    const a = await office.tab(ana).open(noteA)
    a.type('real text')
    await a.allSaved()
    await office.server.drain()
    office.server = office.createServer()
    a.destroy()
    office.gate.failReads = 4
    const session = office.tab(ana).session(noteA)
    await session.untilStatus(({ state }) => state === 'offline')
    expect(session.text).toBeNull()
    await session.untilStatus(({ state }) => state === 'saved')
    expect(session.text).toBe('<paragraph>real text</paragraph>')
  })
})
