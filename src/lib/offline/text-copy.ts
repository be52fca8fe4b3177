import { mergeUpdates } from 'yjs'
import type { Id } from '#shared/contracts/ids.ts'
import type { NoteGrant } from '#shared/contracts/notes-wire.ts'
import type { CopyFault, KeptNote, NoteCopy } from '../notes/note-copy.ts'
import { keepClientIds, missingClientIds, takeClientId } from './client-ids.ts'
import type { CopiesDb, HeldKey, KeptUpdate, UpdateState } from './copies-db.ts'
import { type Place, seal, unseal } from './sealing.ts'

export interface TextCopyOptions {
  db: CopiesDb
  text: string
  dossierId: Id
  /** The dossier's key: from here, or from the server; null: there is none, and nothing is kept. */
  key: Promise<HeldKey | null>
  /** Which texts wait has changed, or the fault. */
  onChange: () => void
  /** Removes everything of the dossier from this browser. */
  erase: () => Promise<void>
  /** Updates are gathered for so long before they are encrypted and written, in milliseconds. */
  gatherMs?: number
  /** So many pieces are put together into one. */
  mostPieces?: number
}

/** A piece that this copy wrote or has read: what others wrote meanwhile is not its to put together. */
interface Piece {
  id: number
  state: 'known' | 'waiting'
  /** Only of what waits, so that it can be put together. */
  update: Uint8Array | null
}

/** The key lies here no more: another tab has removed the dossier's copy. */
class KeyTaken extends Error {}

/** One text in this browser: encrypted updates in IndexedDB, written behind the typing. */
export class TextCopy implements NoteCopy {
  readonly #options: Required<TextCopyOptions>
  #epoch = 0
  #gathered: { update: Uint8Array; isWaiting: boolean }[] = []
  #pieces: Piece[] = []
  #unreadable: number[] = []
  #whole: (() => Uint8Array) | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  /** Whatever touches the store comes one after the other. */
  #work: Promise<void> = Promise.resolve()
  #isClosed = false
  #unwritten = 0
  fault: CopyFault | null = null
  onKept: () => void = () => {}

  constructor(options: TextCopyOptions) {
    this.#options = { gatherMs: 150, mostPieces: 60, ...options }
  }

  get isKept(): boolean {
    return this.#gathered.length === 0 && this.#unwritten === 0 && this.fault === null
  }

  async read(): Promise<KeptNote | null> {
    const { db, text } = this.#options
    const kept = await this.#inTurn(async () => {
      const head = await db.get('texts', text)
      // where something lies here, its key does: nobody waits for the server
      const held = head && (await this.#options.key)
      if (!held) return null
      this.#epoch = head.epoch
      const rows = await this.#rowsOf(head.epoch)
      const read = await Promise.all(rows.map(async (row) => ({ row, update: await this.#open(held, row) })))
      return this.#keptOf(head, read)
    })
    return kept ?? null
  }

  /** What is here of this epoch, and what is stranded: what another tab wrote under another epoch joins it, or goes. */
  async #rowsOf(epoch: number): Promise<KeptUpdate[]> {
    const { store, done } = this.#options.db.transaction('updates', 'readwrite')
    const rows = await store.index('byText').getAll(this.#options.text)
    const isStale = (row: KeptUpdate) => row.epoch !== epoch && row.state !== 'stranded'
    for (const row of rows.filter(isStale)) {
      if (row.state === 'known') await store.delete(row.id!)
      else await store.put({ ...row, state: 'stranded' })
    }
    await done
    if (!rows.some(isStale)) return rows
    this.#options.onChange()
    return this.#rowsOf(epoch)
  }

  #keptOf(head: { epoch: number; mayWrite: boolean }, read: { row: KeptUpdate; update: Uint8Array | null }[]): KeptNote {
    const kept: KeptNote = { ...head, updates: [], isWaiting: false, stranded: [], isDamaged: false }
    this.#pieces = []
    this.#unreadable = read.flatMap(({ row, update }) => (update ? [] : row.id!))
    kept.isDamaged = this.#unreadable.length > 0
    for (const { row, update } of read) {
      if (!update) continue
      if (row.state === 'stranded') kept.stranded.push(update)
      else {
        kept.updates.push(update)
        kept.isWaiting ||= row.state === 'waiting'
      }
      if (row.state === 'stranded') continue
      this.#pieces.push({ id: row.id!, state: row.state, update: row.state === 'waiting' ? update : null })
    }
    return kept
  }

  missingIds(): Promise<number> {
    return missingClientIds(this.#options.db, this.#options.text).catch(() => 0)
  }

  takeClientId(): Promise<number | null> {
    return takeClientId(this.#options.db, this.#options.text).catch(() => null)
  }

  async granted({ epoch, mayWrite, ahead }: NoteGrant): Promise<void> {
    const { db, text, dossierId } = this.#options
    if (this.#epoch !== 0 && this.#epoch !== epoch) await this.#leaveEpoch()
    this.#epoch = epoch
    // the text need not wait for it
    void this.#inTurn(async () => {
      if (!(await this.#options.key)) return
      await db.put('texts', { text, dossierId, epoch, mayWrite })
      await keepClientIds(db, dossierId, text, ahead ?? [])
    })
  }

  keep(update: Uint8Array, isWaiting: boolean, whole: () => Uint8Array): void {
    if (this.#isClosed) return
    this.#whole = whole
    this.#gathered.push({ update, isWaiting })
    this.#timer ??= setTimeout(() => void this.flush(), this.#options.gatherMs)
  }

  allSaved(): void {
    for (const gathered of this.#gathered) gathered.isWaiting = false
    void this.#inTurn(() => this.#settle())
  }

  async strand(): Promise<Uint8Array[]> {
    await this.flush()
    await this.#inTurn(async () => {
      await this.#mark(this.#waitingPieces, 'stranded')
      this.#pieces = this.#pieces.filter(({ state }) => state === 'known')
    })
    return (await this.read())?.stranded ?? []
  }

  async putAside(): Promise<Uint8Array[]> {
    const unreadable = new Set(this.#unreadable)
    await this.strand()
    await this.#inTurn(() => this.#drop(({ id, state }) => state === 'known' || unreadable.has(id!)))
    return (await this.read())?.stranded ?? []
  }

  async dropStranded(): Promise<void> {
    await this.#inTurn(() => this.#drop(({ state }) => state === 'stranded'))
  }

  erase(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    this.#gathered = []
    return this.#options.erase()
  }

  close(): void {
    void this.flush()
    this.#isClosed = true
  }

  /** Another text has taken its place: ids of before might be granted once more. */
  async #leaveEpoch(): Promise<void> {
    await this.putAside()
    await this.#inTurn(async () => {
      const { store, done } = this.#options.db.transaction('clientIds', 'readwrite')
      for (const key of await store.index('byText').getAllKeys(this.#options.text)) await store.delete(key)
      await done
    })
  }

  /** Writes what has gathered. What could not be written is tried again with the next. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const gathered = this.#gathered.splice(0)
    if (gathered.length === 0) return this.#work
    this.#unwritten++
    return this.#inTurn(async () => {
      try {
        await this.#write(gathered)
        await this.#joinPieces()
      } catch (error) {
        // no copy comes of it any more: only what the server does not have is held on to
        this.#gathered.unshift(...gathered.filter(({ isWaiting }) => isWaiting || !(error instanceof KeyTaken)))
        throw error
      } finally {
        this.#unwritten--
      }
    })
  }

  async #write(gathered: { update: Uint8Array; isWaiting: boolean }[]): Promise<void> {
    const held = await this.#options.key
    if (!held) throw new Error('there is no key')
    const parts = Map.groupBy(gathered, ({ isWaiting }) => isWaiting)
    const rows = await Promise.all(
      [...parts].map(async ([isWaiting, part]) => {
        const update = mergeUpdates(part.map((one) => one.update))
        return { update, row: await this.#sealed(held, update, isWaiting ? 'waiting' : 'known') }
      }),
    )
    const isNews = parts.has(true) && this.#waitingPieces.length === 0
    const ids = await this.#exchange(
      held,
      rows.map(({ row }) => row),
    )
    rows.forEach(({ row, update }, i) => {
      const state = row.state === 'waiting' ? 'waiting' : 'known'
      this.#pieces.push({ id: ids[i]!, state, update: state === 'waiting' ? update : null })
    })
    if (isNews) this.#options.onChange()
  }

  get #waitingPieces(): Piece[] {
    return this.#pieces.filter(({ state }) => state === 'waiting')
  }

  /** Many small pieces become one: of what waits what it says, of what is known the text as it stands. */
  async #joinPieces(): Promise<void> {
    const { mostPieces } = this.#options
    const waiting = this.#waitingPieces
    if (waiting.length >= mostPieces) await this.#replace(waiting, mergeUpdates(waiting.flatMap(({ update }) => update ?? [])), 'waiting')
    const known = this.#pieces.filter(({ state }) => state === 'known')
    if (known.length >= mostPieces && this.#whole) await this.#replace(known, this.#whole(), 'known')
  }

  /** Puts one update in the place of pieces that it holds, in one transaction. */
  async #replace(pieces: readonly Piece[], update: Uint8Array, state: 'known' | 'waiting'): Promise<void> {
    const held = await this.#options.key
    if (!held) return
    const row = await this.#sealed(held, update, state)
    const gone = new Set(pieces.map(({ id }) => id))
    const [id] = await this.#exchange(held, [row], gone)
    this.#pieces = this.#pieces.filter((piece) => !gone.has(piece.id))
    this.#pieces.push({ id: id!, state, update: state === 'waiting' ? update : null })
  }

  /** Adds and removes rows in one transaction, and returns the ids of those added. Throws `KeyTaken` where nobody could read them. */
  async #exchange(held: HeldKey, rows: readonly KeptUpdate[], gone: Iterable<number> = []): Promise<number[]> {
    const transaction = this.#options.db.transaction(['keys', 'updates'], 'readwrite')
    const standing = await transaction.objectStore('keys').get(held.dossierId)
    if (standing?.id !== held.id) throw new KeyTaken()
    const updates = transaction.objectStore('updates')
    const removed = [...gone].map((id) => updates.delete(id))
    const [ids] = await Promise.all([Promise.all(rows.map((row) => updates.add(row))), ...removed, transaction.done])
    return ids
  }

  /** The server has stored what waited: it is as good as known. */
  async #settle(): Promise<void> {
    const waiting = this.#waitingPieces
    if (waiting.length === 0) return
    await this.#mark(waiting, 'known')
    for (const piece of waiting) Object.assign(piece, { state: 'known', update: null })
  }

  async #mark(pieces: readonly Piece[], state: UpdateState): Promise<void> {
    if (pieces.length === 0) return
    const { store, done } = this.#options.db.transaction('updates', 'readwrite')
    for (const { id } of pieces) {
      const row = await store.get(id)
      if (row) await store.put({ ...row, state })
    }
    await done
    this.#options.onChange()
  }

  async #drop(which: (row: KeptUpdate) => boolean): Promise<void> {
    const { store, done } = this.#options.db.transaction('updates', 'readwrite')
    for (const row of await store.index('byText').getAll(this.#options.text)) if (which(row)) await store.delete(row.id!)
    await done
    this.#options.onChange()
  }

  async #sealed(held: HeldKey, update: Uint8Array, state: KeptUpdate['state']): Promise<KeptUpdate> {
    const { text, dossierId } = this.#options
    return { text, dossierId, epoch: this.#epoch, state, sealed: await seal(held.key, this.#place(held, this.#epoch), update) }
  }

  /** Null where it cannot be read. */
  #open(held: HeldKey, { epoch, sealed }: KeptUpdate): Promise<Uint8Array | null> {
    return unseal(held.key, this.#place(held, epoch), sealed).catch(() => null)
  }

  #place({ officeId, memberId }: HeldKey, epoch: number): Place {
    return { officeId, memberId, text: this.#options.text, epoch }
  }

  /** Does it after what is under way; what fails shows in `fault` and is undefined to who asked. */
  #inTurn<T>(work: () => Promise<T>): Promise<T | undefined> {
    const done = this.#work.then(async () => {
      const before = { fault: this.fault, isKept: this.isKept }
      const result = await work().then(
        (value) => ({ value, fault: null }),
        (error: unknown) => ({ value: undefined, fault: faultOf(error) }),
      )
      this.fault = result.fault
      if (this.fault !== before.fault || this.isKept !== before.isKept) this.onKept()
      return result.value
    })
    this.#work = done.then(() => {})
    return done
  }
}

function faultOf(error: unknown): CopyFault {
  return error instanceof DOMException && error.name === 'QuotaExceededError' ? 'full' : 'failed'
}
