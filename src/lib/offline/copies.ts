import type { Comment } from '#shared/contracts/comment.ts'
import type { DossierPage } from '#shared/contracts/dossier-page.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Frame } from '#shared/contracts/office.ts'
import type { NoteCopy } from '../notes/note-copy.ts'
import { type CopiesDb, deleteCopiesDb, type HeldKey, openCopiesDb, type PagePart } from './copies-db.ts'
import { deviceId, fetchKey, type Post, withdrawnKeys } from './dossier-keys.ts'
import { keepPart, type PageParts, readPart, type SeenPage } from './page-copies.ts'
import { TextCopy } from './text-copy.ts'

export interface CopiesOptions {
  post: Post
  newId: () => Id
  now?: () => number
  /** The name of the store in this browser. */
  name?: string
}

/** A text with something typed here that the server does not have yet. */
export interface WaitingText {
  text: string
  dossierId: Id
}

/** A dossier that can be read here without a connection. */
export interface CopySize {
  dossierId: Id
  bytes: number
}

/** So often a key is asked for again, in milliseconds: the server forgets those that nobody asks for. */
const askAgainMs = 86_400_000
/** A store that does not answer within this time is none, in milliseconds: nothing may wait for it. */
const patienceMs = 5_000
/** So many dossiers are kept; those opened longest ago make room. */
const mostDossiers = 200

/**
 * The copies of dossiers in this browser, each encrypted under a key that the server handed out and withdraws. Where the browser has no
 * store, or lets nobody encrypt (a page that is not served safely), there are none and nothing fails.
 */
export class Copies {
  readonly #options: Required<CopiesOptions>
  readonly #listeners = new Set<() => void>()
  #opened: Promise<CopiesDb | null> | undefined
  #keys = new Map<Id, Promise<HeldKey | null>>()

  constructor(options: CopiesOptions) {
    this.#options = { now: Date.now, name: 'codossier-copies', ...options }
  }

  /** Calls back when what waits has changed. Returns the way out. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** This browser's copy of a text of a dossier; null where there can be none. */
  async text(text: string, dossierId: Id): Promise<NoteCopy | null> {
    const db = await this.#ownDb()
    if (!db) return null
    return new TextCopy({
      ...{ db, text, dossierId },
      key: this.#key(dossierId),
      onChange: () => this.#changed(),
      // one text that is refused says nothing of the others
      erase: () => (text === dossierId ? this.erase(dossierId) : Promise.resolve()),
    })
  }

  /** Keeps what a dossier's page shows. */
  keepPage(page: DossierPage, frame: Frame): Promise<void> {
    return this.#keepPart(page.dossier.id, 'page', { page, frame })
  }

  /** Keeps what is said of a dossier's comments, beside their texts. */
  keepComments(dossierId: Id, comments: readonly Comment[]): Promise<void> {
    return this.#keepPart(dossierId, 'comments', comments)
  }

  /** A dossier's page as it was seen last; null: it is not here. */
  async page(dossierId: Id): Promise<SeenPage | null> {
    const db = await this.#ownDb()
    const held = await db?.get('keys', dossierId)
    return db && held ? seenPage(db, held) : null
  }

  /** A dossier's comments as they were seen last; null: they are not here. */
  async comments(dossierId: Id): Promise<readonly Comment[] | null> {
    const db = await this.#ownDb()
    const held = await db?.get('keys', dossierId)
    return db && held ? readPart(db, held, 'comments') : null
  }

  /** Every page that is here, the one seen last first. */
  async pages(): Promise<SeenPage[]> {
    const db = await this.#ownDb()
    if (!db) return []
    const keys = (await db.getAll('keys')).sort((a, b) => b.at - a.at)
    return (await Promise.all(keys.map((held) => seenPage(db, held)))).filter((seen) => seen !== null)
  }

  /** The texts that wait, each once. */
  async waiting(): Promise<WaitingText[]> {
    const db = await this.#ownDb()
    if (!db) return []
    const [keys, waiting] = await Promise.all([db.getAllKeys('keys'), db.getAllFromIndex('updates', 'byState', 'waiting')])
    // what was written while its key was taken away can be read by nobody
    const readable = waiting.filter(({ dossierId }) => keys.includes(dossierId))
    return [...new Map(readable.map(({ text, dossierId }) => [text, { text, dossierId }])).values()]
  }

  /** Whether anybody's words wait here to be sent, whoever uses the browser now. Leaves no empty store behind. */
  async wordsWait(): Promise<boolean> {
    const known = await indexedDB.databases()
    if (!known.some(({ name }) => name === this.#options.name)) return false
    const db = await this.#db()
    const waiting = (await db?.getAllFromIndex('updates', 'byState', 'waiting')) ?? []
    const keys = (await db?.getAllKeys('keys')) ?? []
    return waiting.some(({ dossierId }) => keys.includes(dossierId))
  }

  /** What is here of which dossier, and about how large it is. */
  async sizes(): Promise<CopySize[]> {
    const db = await this.#db()
    const sizes = new Map<Id, number>((await db?.getAllKeys('keys'))?.map((id) => [id, 0]))
    const add = (dossierId: Id, bytes: number) => sizes.set(dossierId, (sizes.get(dossierId) ?? 0) + bytes)
    for (const { dossierId, sealed } of (await db?.getAll('updates')) ?? []) add(dossierId, sealed.bytes.length)
    for (const { dossierId, sealed } of (await db?.getAll('pages')) ?? []) add(dossierId, sealed.bytes.length)
    return [...sizes].map(([dossierId, bytes]) => ({ dossierId, bytes }))
  }

  /**
   * Asks the server which keys still stand, and erases what lies under the others. Returns of how many dossiers; throws where the server
   * cannot be asked.
   */
  async eraseWithdrawn(): Promise<number> {
    const db = await this.#db()
    const keys = (await db?.getAll('keys')) ?? []
    if (!db || keys.length === 0) return 0
    const withdrawn = await withdrawnKeys(this.#options.post, await deviceId(db, this.#options.newId), keys)
    for (const { dossierId } of withdrawn) await this.erase(dossierId)
    return withdrawn.length
  }

  /** This member uses the browser now: what it holds for others is erased. Until this is said once, nothing of what it holds is shown. */
  async belongTo(officeId: Id, memberId: Id): Promise<void> {
    const db = await this.#db()
    const keys = (await db?.getAll('keys')) ?? []
    const others = keys.filter((key) => key.officeId !== officeId || key.memberId !== memberId)
    for (const { dossierId } of others) await this.erase(dossierId)
    await db?.put('self', memberId, 'member')
  }

  /** Somebody signs in here, and it is not known yet who it is. */
  async doubtOwner(): Promise<void> {
    await (await this.#db())?.delete('self', 'member')
  }

  /** Removes a dossier's copy and its key. */
  async erase(dossierId: Id): Promise<void> {
    const db = await this.#db()
    this.#keys.delete(dossierId)
    if (!db) return
    const stores = ['keys', 'pages', 'texts', 'updates', 'clientIds'] as const
    const transaction = db.transaction(stores, 'readwrite')
    await transaction.objectStore('keys').delete(dossierId)
    for (const name of ['pages', 'texts', 'updates', 'clientIds'] as const) {
      let cursor = await transaction.objectStore(name).index('byDossier').openCursor(dossierId)
      for (; cursor; cursor = await cursor.continue()) await cursor.delete()
    }
    await transaction.done
    this.#changed()
  }

  /** Removes the copies of these, of which there may be thousands: only those that are here cost anything. */
  async eraseAmong(dossierIds: readonly Id[]): Promise<void> {
    const db = await this.#db()
    if (!db || dossierIds.length === 0) return
    const here = new Set([...(await db.getAllKeys('keys')), ...this.#keys.keys()])
    for (const dossierId of dossierIds) if (here.has(dossierId)) await this.erase(dossierId)
  }

  /** Removes everything: nothing of any dossier stays in this browser, nor is anything kept until the page is loaded again. */
  async eraseAll(): Promise<void> {
    const db = await this.#db()
    db?.close()
    this.#opened = Promise.resolve(null)
    this.#keys.clear()
    await deleteCopiesDb(this.#options.name).catch(() => {})
    this.#changed()
  }

  async #keepPart<P extends PagePart>(dossierId: Id, part: P, seen: PageParts[P]): Promise<void> {
    const db = await this.#ownDb()
    const held = db && (await this.#key(dossierId))
    if (!db || !held) return
    await keepPart(db, held, part, seen).catch(() => {})
    await this.#makeRoom(db)
  }

  #db(): Promise<CopiesDb | null> {
    const isPossible = typeof indexedDB !== 'undefined' && typeof crypto.subtle !== 'undefined'
    return (this.#opened ??= isPossible ? opened(this.#options.name) : Promise.resolve(null))
  }

  /** Null also where another member's copies may lie in it. */
  async #ownDb(): Promise<CopiesDb | null> {
    const db = await this.#db()
    return (await db?.get('self', 'member')) === undefined ? null : db
  }

  /** The dossier's key, asked for once; null: the server gives none, and none is here. */
  #key(dossierId: Id): Promise<HeldKey | null> {
    const known = this.#keys.get(dossierId)
    if (known) return known
    const found = this.#findKey(dossierId).catch(() => null)
    this.#keys.set(dossierId, found)
    // not to be had now: the next to open the dossier asks again
    void found.then((held) => held ?? this.#keys.delete(dossierId))
    return found
  }

  async #findKey(dossierId: Id): Promise<HeldKey | null> {
    const db = await this.#db()
    if (!db) return null
    const { post, newId, now } = this.#options
    const held = await db.get('keys', dossierId)
    const ask = async () => {
      const fetched = await fetchKey(post, await deviceId(db, newId), dossierId, now())
      // another one than lies here: this one was withdrawn, and is erased when that is asked about
      if (!held || held.id === fetched.id) await db.put('keys', fetched)
      return fetched
    }
    if (!held) return ask()
    if (held.at < now() - askAgainMs) ask().catch(() => {})
    return held
  }

  async #makeRoom(db: CopiesDb): Promise<void> {
    const keys = await db.getAll('keys')
    if (keys.length <= mostDossiers) return
    const waiting = new Set((await this.waiting()).map(({ dossierId }) => dossierId))
    const oldest = keys.filter(({ dossierId }) => !waiting.has(dossierId)).sort((a, b) => a.at - b.at)
    for (const { dossierId } of oldest.slice(0, keys.length - mostDossiers)) await this.erase(dossierId)
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }
}

/** Null where the browser lets nobody in. */
function opened(name: string): Promise<CopiesDb | null> {
  const silent = new Promise<null>((resolve) => setTimeout(resolve, patienceMs, null))
  return Promise.race([openCopiesDb(name).catch(() => null), silent])
}

async function seenPage(db: CopiesDb, held: HeldKey): Promise<SeenPage | null> {
  const seen = await readPart(db, held, 'page')
  return seen && { ...seen, memberId: held.memberId }
}
