import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HandedCopyKey } from '#shared/contracts/copies.ts'
import type { Actor } from '#shared/domain/access.ts'
import { noteUpdateFromText } from '../../server/rooms/import-text.ts'
import { newId } from '../../server/new-id.ts'
import { Copies } from '../../src/lib/offline/copies.ts'
import { typedWords } from '../../src/lib/offline/typed-words.ts'
import { ana, bo, noteA, officeId, TestOffice } from './office.ts'
import type { TestSession } from './tab.ts'

let office: TestOffice
let browser: AnasBrowser
beforeEach(async () => {
  office = await TestOffice.start()
  browser = new AnasBrowser()
})
afterEach(async () => {
  await office.close()
  await browser.copies.eraseAll()
})

const saved = ({ state }: { state: string }) => state === 'saved'

/** Ana's browser, with one key for the dossier, and a network that comes and goes. */
class AnasBrowser {
  isOffline = false
  readonly key: HandedCopyKey = { officeId, memberId: ana, id: newId(), secret: btoa('k'.repeat(32)) }
  readonly copies = new Copies({ name: newId(), newId, post: async <T>() => this.key as T })

  /** A tab of it that opens the note. */
  open(): TestSession {
    return office.tab(ana).session(noteA, {
      copy: this.copies.text(noteA, noteA),
      grant: async () => {
        if (this.isOffline) throw new TypeError('no network')
        const grant = await office.server.grant(actor, noteA, 4)
        return 'code' in grant ? null : grant
      },
    })
  }

  /** Has the note open once, so that it can be opened without a network. */
  async opensOnce(words: string): Promise<void> {
    await this.copies.belongTo(officeId, ana)
    const session = this.open()
    await session.untilStatus(saved)
    session.type(words)
    await session.untilStatus(({ state, savedAt, isKept }) => state === 'saved' && savedAt !== null && isKept)
    await this.leave(session)
  }

  async leave(session: TestSession): Promise<void> {
    session.session.keepNow()
    while (session.status.hasUnsaved && !session.status.isKept) await new Promise((resolve) => setTimeout(resolve, 5))
    session.destroy()
  }
}
/** Ana, as the server knows her. */
const actor: Actor = { officeId, memberId: ana, role: 'adviser', divisionIds: [], ownerIds: [], seesAll: true, divisionsOn: false }

describe('a note without a connection', () => {
  it('is read and written, closed and opened again, and merged with what colleagues wrote; saved only when it is stored', async () => {
    await browser.opensOnce('before')
    browser.isOffline = true
    const first = browser.open()
    await first.until(() => first.text !== null)
    expect([first.text, first.status.state, first.status.mayWrite]).toEqual(['<paragraph>before</paragraph>', 'offline', true])
    first.type('on the train')
    await browser.leave(first)
    expect(await browser.copies.waiting()).toEqual([{ text: noteA, dossierId: noteA }])
    const colleague = office.tab(bo).session(noteA)
    await colleague.untilStatus(saved)
    colleague.type('in the office')
    await colleague.untilStatus(({ state, savedAt }) => state === 'saved' && savedAt !== null)

    const second = browser.open()
    await second.until(() => second.text?.includes('on the train') ?? false)
    second.type('after the tunnel')
    expect(second.status).toMatchObject({ state: 'offline', hasUnsaved: true })
    browser.isOffline = false
    await second.untilStatus(({ state, savedAt }) => state === 'saved' && savedAt !== null)
    const stored = await office.storedText(noteA)
    for (const words of ['before', 'on the train', 'in the office', 'after the tunnel']) expect(stored).toContain(words)
    expect(second.text).toBe(stored)
    await colleague.until(() => colleague.text === stored)
    await browser.leave(second)
    while ((await browser.copies.waiting()).length > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  })

  it('is written in two tabs that were opened at the same moment, each under an id of its own', async () => {
    await browser.opensOnce('before')
    browser.isOffline = true
    const tabs = [browser.open(), browser.open()]
    for (const tab of tabs) await tab.until(() => tab.text !== null)
    expect(tabs[0]!.session.doc!.clientID).not.toBe(tabs[1]!.session.doc!.clientID)
    tabs[0]!.type('the one')
    tabs[1]!.type('the other')
    browser.isOffline = false
    for (const tab of tabs) await tab.untilStatus(({ state, savedAt }) => state === 'saved' && savedAt !== null)
    for (const tab of tabs) await tab.until(() => /the one/.test(tab.text ?? '') && /the other/.test(tab.text ?? ''))
    expect(tabs[0]!.text).toBe(tabs[1]!.text)
    expect(await office.storedText(noteA)).toBe(tabs[0]!.text)
  })

  it('that was rebuilt meanwhile is not merged: the words can be copied out, and nothing of them reaches the note', async () => {
    await browser.opensOnce('before')
    browser.isOffline = true
    const away = browser.open()
    await away.until(() => away.text !== null)
    away.type('typed for the old one')
    await browser.leave(away)
    expect(await office.server.rebuild(officeId, noteA, noteUpdateFromText('anew'))).toBe('done')
    browser.isOffline = false
    const back = browser.open()
    await back.untilStatus(saved)
    expect(back.text).toBe('<paragraph>anew</paragraph>')
    expect(typedWords(back.status.stranded)).toBe('typed for the old one')
    expect(await office.storedText(noteA)).toBe('<paragraph>anew</paragraph>')
    back.session.dropStranded()
    await browser.leave(back)
    expect(await browser.copies.waiting()).toEqual([])
  })

  it('L2 goes out of the browser where the right to read was withdrawn, and nothing is sent on', async () => {
    await browser.opensOnce('before')
    browser.isOffline = true
    const away = browser.open()
    await away.until(() => away.text !== null)
    away.type('too late')
    await office.setRight(ana, noteA, { read: false, write: false })
    browser.isOffline = false
    await away.untilStatus(({ state }) => state === 'denied')
    while ((await browser.copies.sizes()).length > 0) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(await office.storedText(noteA)).not.toContain('too late')
  })

  it('whose right to write was withdrawn is read, and what was typed can be copied out', async () => {
    await browser.opensOnce('before')
    browser.isOffline = true
    const away = browser.open()
    await away.until(() => away.text !== null)
    away.type('not any more')
    await browser.leave(away)
    await office.setRight(ana, noteA, { read: true, write: false })
    browser.isOffline = false
    const back = browser.open()
    await back.untilStatus(({ state, stranded }) => state === 'readonly' && stranded.length > 0)
    expect(typedWords(back.status.stranded)).toBe('not any more')
    expect(await office.storedText(noteA)).not.toContain('not any more')
  })
})
