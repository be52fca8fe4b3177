import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import * as Y from 'yjs'
import type { AskStanding, HandedCopyKey, Standing } from '#shared/contracts/copies.ts'
import type { DossierPage } from '#shared/contracts/dossier-page.ts'
import type { Frame } from '#shared/contracts/office.ts'
import { newId } from '../live/new-id.ts'
import type { NoteCopy } from '../notes/note-copy.ts'
import { Copies } from './copies.ts'
import { openCopiesDb } from './copies-db.ts'
import { TextCopy } from './text-copy.ts'
import { typedWords } from './typed-words.ts'

const dossierId = newId()
const officeId = newId()
const memberId = newId()

/** The server's side: hands out keys, and says which stand. */
class Keys {
  readonly standing = new Map<string, HandedCopyKey>()
  isReachable = true
  post = async <T>(path: string, body: object): Promise<T> => {
    if (!this.isReachable) throw new TypeError('no network')
    if (path.endsWith('/standing')) {
      const ids = new Set([...this.standing.values()].map(({ id }) => id))
      return { standing: (body as AskStanding).keys.filter((id) => ids.has(id)) } satisfies Standing as T
    }
    const secret = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))
    if (!this.standing.has(path)) this.standing.set(path, { officeId, memberId, id: newId(), secret })
    return this.standing.get(path) as T
  }
}

let name: string
let keys: Keys
let copies: Copies
beforeEach(async () => {
  name = newId()
  keys = new Keys()
  copies = browser()
  await copies.belongTo(officeId, memberId)
})
afterEach(() => copies.eraseAll())

/** Another tab of the same browser, or the same after it was closed. */
function browser(): Copies {
  return new Copies({ post: keys.post, newId, name })
}

async function copyIn(copies: Copies, text = dossierId): Promise<NoteCopy> {
  const copy = await copies.text(text, dossierId)
  if (!copy) throw new Error('there is no store')
  return copy
}

const grantOf = (epoch: number, ahead: number[] = []) => ({ note: dossierId, epoch, schema: 1, clientId: 99, mayWrite: true, ahead })

/** Types into a document whose updates the copy keeps. */
function typing(copy: NoteCopy, clientId: number): { doc: Y.Doc; type(text: string): void } {
  const doc = new Y.Doc()
  doc.clientID = clientId
  doc.on('update', (update) => copy.keep(update, true, () => Y.encodeStateAsUpdate(doc)))
  const paragraph = new Y.XmlElement('paragraph')
  const words = new Y.XmlText()
  return {
    doc,
    type(text) {
      if (!paragraph.parent) doc.transact(() => (paragraph.insert(0, [words]), doc.getXmlFragment('note').push([paragraph])))
      words.insert(words.length, text)
    },
  }
}

/** A copy that puts its pieces together early. */
async function smallCopy(): Promise<NoteCopy> {
  await copies.keepPage({ dossier: { id: dossierId } } as DossierPage, {} as Frame)
  const db = await openCopiesDb(name)
  const key = Promise.resolve((await db.get('keys', dossierId)) ?? null)
  return new TextCopy({ db, text: dossierId, dossierId, key, onChange() {}, erase: async () => {}, gatherMs: 1, mostPieces: 5 })
}

async function untilKept(copy: NoteCopy): Promise<void> {
  while (!copy.isKept) await new Promise((resolve) => setTimeout(resolve, 5))
}

function textOf(updates: readonly Uint8Array[]): string {
  const doc = new Y.Doc()
  doc.transact(() => updates.forEach((update) => Y.applyUpdate(doc, update)))
  return doc.getXmlFragment('note').toString()
}

/** Everything in the store, as text: what a scan of the browser's folder would find. */
async function dump(): Promise<string> {
  const db = await openCopiesDb(name)
  const all = await Promise.all([...db.objectStoreNames].map((store) => db.getAll(store)))
  db.close()
  const bytes = (_: string, value: unknown) => (value instanceof Uint8Array ? new TextDecoder('latin1').decode(value) : value)
  return JSON.stringify(all, bytes)
}

describe('a text in this browser', () => {
  it('is there after the tab was closed, says what waits, and nothing of it is readable in the store', async () => {
    const copy = await copyIn(copies)
    await copy.granted(grantOf(1))
    const { type } = typing(copy, 7)
    type('canary typed on the train')
    await untilKept(copy)
    keys.isReachable = false
    const again = browser()
    const kept = await (await copyIn(again)).read()
    expect(textOf(kept!.updates)).toContain('canary typed on the train')
    expect([kept!.isWaiting, kept!.mayWrite, kept!.epoch, kept!.isDamaged]).toEqual([true, true, 1, false])
    expect(await again.waiting()).toEqual([{ text: dossierId, dossierId }])
    expect(await dump()).not.toContain('canary')
    await (await openCopiesDb(name)).put('self', 'a plain canary', 'planted')
    expect(await dump()).toContain('canary')
  })

  it('that the server has stored waits no more', async () => {
    const copy = await copyIn(copies)
    await copy.granted(grantOf(1))
    const { type } = typing(copy, 7)
    type('stored')
    copy.allSaved()
    await untilKept(copy)
    const kept = await (await copyIn(browser())).read()
    expect([kept!.isWaiting, textOf(kept!.updates)]).toEqual([false, expect.stringContaining('stored')])
    expect(await copies.waiting()).toEqual([])
  })

  it('does not grow without end, offline and online', async () => {
    const copy = await smallCopy()
    await copy.granted(grantOf(1))
    const { doc, type } = typing(copy, 7)
    const pieces = async () => (await openCopiesDb(name)).count('updates')
    const write = async (state: string) => {
      for (let i = 0; i < 25; i++) {
        type(`${state} ${i} `)
        if (state === 'online') copy.allSaved()
        await untilKept(copy)
        expect(await pieces()).toBeLessThan(12)
      }
    }
    await write('offline')
    expect((await copies.waiting()).length).toBe(1)
    await write('online')
    expect(await copies.waiting()).toEqual([])
    const kept = await (await copyIn(browser())).read()
    expect(textOf(kept!.updates)).toBe(doc.getXmlFragment('note').toString())
  })

  it('of an older epoch is not merged: what waited can be copied out, until it is put away', async () => {
    const copy = await copyIn(copies)
    await copy.granted(grantOf(1, [5, 6]))
    const { type } = typing(copy, 7)
    type('words of before')
    await untilKept(copy)
    const later = await copyIn(browser())
    expect((await later.read())!.epoch).toBe(1)
    await later.granted(grantOf(2))
    const kept = await later.read()
    expect([kept!.updates, kept!.epoch, typedWords(kept!.stranded)]).toEqual([[], 2, 'words of before'])
    expect(await later.takeClientId()).toBeNull()
    await later.dropStranded()
    expect((await later.read())!.stranded).toEqual([])
  })

  it('of an older epoch that another tab wrote late is not merged either: it can be copied out', async () => {
    const late = await copyIn(copies)
    await late.granted(grantOf(1))
    const { type } = typing(late, 7)
    type('known. ')
    late.allSaved()
    await untilKept(late)
    const fresh = await copyIn(browser())
    await fresh.read()
    await fresh.granted(grantOf(2))
    await fresh.read()
    type('typed late')
    await untilKept(late)
    const kept = await (await copyIn(browser())).read()
    expect([kept!.epoch, kept!.updates, kept!.isWaiting, typedWords(kept!.stranded)]).toEqual([2, [], false, 'typed late'])
  })

  it('whose copy was removed in another tab is not said to be kept: nobody could read it', async () => {
    const copy = await copyIn(copies)
    await copy.granted(grantOf(1))
    const { type } = typing(copy, 7)
    type('before. ')
    await untilKept(copy)
    await browser().erase(dossierId)
    type('after')
    await copy.flush()
    expect([copy.isKept, copy.fault]).toEqual([false, 'failed'])
    expect(await (await openCopiesDb(name)).count('updates')).toBe(0)
  })

  it('with damaged bytes says so, and what can be read of the words is there', async () => {
    const copy = await copyIn(copies)
    await copy.granted(grantOf(1))
    const { type } = typing(copy, 7)
    type('lost. ')
    await untilKept(copy)
    type('still here')
    await untilKept(copy)
    const db = await openCopiesDb(name)
    const [first] = await db.getAll('updates')
    first!.sealed.bytes[3]! ^= 1
    await db.put('updates', first!)
    const read = await copyIn(browser())
    const kept = await read.read()
    expect([kept!.isDamaged, typedWords(kept!.updates)]).toEqual([true, 'still here'])
    expect(typedWords(await read.putAside())).toBe('still here')
    const after = await (await copyIn(browser())).read()
    expect([after!.isDamaged, after!.updates, after!.isWaiting]).toEqual([false, [], false])
  })

  it('in a store that is full says so, keeps what was typed, and writes it when there is room again', async () => {
    const copy = await copyIn(copies)
    await copy.granted(grantOf(1))
    const add = IDBObjectStore.prototype.add
    IDBObjectStore.prototype.add = () => {
      throw new DOMException('no room', 'QuotaExceededError')
    }
    const { type } = typing(copy, 7)
    type('kept in the tab, ')
    while (copy.fault === null) await new Promise((resolve) => setTimeout(resolve, 5))
    expect([copy.fault, copy.isKept]).toEqual(['full', false])
    IDBObjectStore.prototype.add = add
    type('and then here')
    await untilKept(copy)
    const kept = await (await copyIn(browser())).read()
    expect(textOf(kept!.updates)).toContain('kept in the tab, and then here')
  })
})

describe('client ids ahead', () => {
  it('are taken once each, also by tabs at the same moment, and never twice', async () => {
    const copy = await copyIn(copies)
    await copy.granted(grantOf(1, [11, 12, 13, 14]))
    await copy.flush()
    expect(await copy.missingIds()).toBe(2)
    const tabs = await Promise.all([copies, browser(), browser()].map((tab) => copyIn(tab)))
    const taken = await Promise.all([...tabs, ...tabs].map((tab) => tab.takeClientId()))
    expect(taken.filter((id) => id !== null).sort()).toEqual([11, 12, 13, 14])
    expect(await copy.takeClientId()).toBeNull()
  })
})

describe('the keys', () => {
  const page = { dossier: { id: dossierId }, client: { lastName: 'canary' }, history: [] } as unknown as DossierPage

  it('that were withdrawn take everything of their dossiers with them; the others stay', async () => {
    const other = newId()
    for (const id of [dossierId, other]) {
      const copy = (await copies.text(id, id))!
      await copy.granted({ ...grantOf(1, [3]), note: id })
      typing(copy, 7).type('words')
      await untilKept(copy)
      await copies.keepPage({ ...page, dossier: { id } } as DossierPage, { office: { id: officeId } } as Frame)
    }
    expect(await dump()).not.toContain('canary')
    keys.standing.delete(`/api/v1/dossiers/${dossierId}/copy`)
    expect(await copies.eraseWithdrawn()).toBe(1)
    expect(await copies.page(dossierId)).toBeNull()
    expect((await copies.pages()).map((seen) => seen.page.dossier.id)).toEqual([other])
    expect(await dump()).not.toContain(dossierId)
    expect((await copies.sizes()).map((size) => [size.dossierId, size.bytes > 0])).toEqual([[other, true]])
  })

  it('cannot be asked about without a connection, and nothing is erased then', async () => {
    await copies.keepPage(page, { office: { id: officeId } } as Frame)
    keys.isReachable = false
    await expect(browser().eraseWithdrawn()).rejects.toThrow('no network')
    expect((await browser().page(dossierId))!.page).toEqual(page)
  })

  it('in a store that never answers are none: nobody waits for it', async () => {
    vi.useFakeTimers()
    vi.stubGlobal('indexedDB', { open: () => new IDBOpenDBRequest() })
    const silent = browser()
    const found = Promise.all([silent.pages(), silent.text(dossierId, dossierId)])
    await vi.advanceTimersByTimeAsync(5_000).finally(() => vi.useRealTimers().unstubAllGlobals())
    expect(await found).toEqual([[], null])
  })

  it('of another member go when somebody else uses the browser, and all go at once', async () => {
    await copies.keepPage(page, { office: { id: officeId } } as Frame)
    await copies.belongTo(officeId, memberId)
    expect(await copies.page(dossierId)).not.toBeNull()
    await copies.belongTo(officeId, newId())
    expect(await copies.page(dossierId)).toBeNull()
    await copies.keepPage(page, { office: { id: officeId } } as Frame)
    await copies.eraseAll()
    expect(await browser().pages()).toEqual([])
  })

  it('of thousands that go out of sight at once cost nothing but where one is here', async () => {
    await copies.keepPage(page, { office: { id: officeId } } as Frame)
    const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction')
    const gone = Array.from({ length: 3_000 }, newId)
    await copies.eraseAmong(gone)
    expect(transaction.mock.calls.length).toBeLessThan(5)
    expect(await copies.page(page.dossier.id)).not.toBeNull()
    await copies.eraseAmong([...gone, page.dossier.id])
    expect(await copies.page(page.dossier.id)).toBeNull()
    transaction.mockRestore()
  })

  it('of a colleague are not shown while somebody has signed in and it is not known who', async () => {
    await copies.keepPage(page, { office: { id: officeId } } as Frame)
    const { type } = typing(await copyIn(copies), 7)
    type('Words that wait')
    await expect.poll(() => copies.waiting()).toHaveLength(1)
    await copies.doubtOwner()
    const after = browser()
    const { id } = page.dossier
    expect(await Promise.all([after.pages(), after.page(id), after.comments(id), after.waiting()])).toEqual([[], null, null, []])
    expect(await after.text(dossierId, dossierId)).toBeNull()
    await after.belongTo(officeId, memberId)
    expect([await after.pages(), await after.waiting()].map(({ length }) => length)).toEqual([1, 1])
  })

  it('hold words that wait, also for who only comes to the door, and a browser that was never used holds nothing', async () => {
    const copy = await copyIn(copies)
    await copy.granted(grantOf(1))
    expect(await browser().wordsWait()).toBe(false)
    typing(copy, 7).type('not sent')
    await untilKept(copy)
    await copies.doubtOwner()
    expect(await copies.waiting()).toEqual([])
    expect(await browser().wordsWait()).toBe(true)
    await copies.eraseAll()
    expect(await browser().wordsWait()).toBe(false)
    expect((await indexedDB.databases()).map((db) => db.name)).not.toContain(name)
  })

  it('a page under another member’s, dossier’s or epoch’s name does not open', async () => {
    await copies.keepPage(page, { office: { id: officeId } } as Frame)
    const db = await openCopiesDb(name)
    const held = (await db.get('keys', dossierId))!
    await db.put('keys', { ...held, memberId: newId() })
    expect(await browser().page(dossierId)).toBeNull()
  })
})
