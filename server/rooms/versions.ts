import { promisify } from 'node:util'
import { deflateRaw, inflateRaw } from 'node:zlib'
import type { Id } from '#shared/contracts/ids.ts'
import type { NoteAuthors, NoteVersion, VersionKey } from '#shared/contracts/note-version.ts'
import { keptVersions } from '#shared/domain/kept-versions.ts'
import type { Log } from '../log.ts'
import type { Store } from '../store/store.ts'
import type { Clock } from './clock.ts'
import type { CompactedNote, Compactor } from './compactor.ts'
import { Ledger } from './ledger.ts'

const pack = promisify(deflateRaw)
const unpack = promisify(inflateRaw)

/** When a state of a note is kept, in milliseconds. */
export interface Rhythm {
  /** So long nobody wrote. */
  pauseMs: number
  /** So long nobody wrote before another author began. */
  quietMs: number
  /** So long nobody was there who may write. */
  leftMs: number
}
const usual: Rhythm = { pauseMs: 180_000, quietMs: 20_000, leftMs: 5_000 }

export interface VersionOptions {
  store: Pick<Store, 'versions' | 'version' | 'putVersion' | 'nameVersion' | 'dropVersions' | 'grantsOf' | 'note'>
  /** Is this a text whose states are kept? */
  isKept: (officeId: Id, note: Id) => Promise<boolean>
  rhythm?: Partial<Rhythm>
  /** Told of the bytes that are stored for versions, and that are not any more. */
  onSpace?: (bytes: number, what: 'kept' | 'dropped') => void
}

interface Place {
  officeId: Id
  note: Id
}
interface Wanted {
  /** Up to and including this update; absent: all there are. */
  upTo?: number
  reason: NoteVersion['reason']
  name?: { text: string; by: Id }
}
interface Surroundings {
  compactor: Pick<Compactor, 'compact'>
  clock: Pick<Clock, 'now'>
  log: Log
  /** The versions of a note are others now. */
  onChange: (place: Place) => void
}

/** The kept states of notes: makes them, off the hot path, and lets go of those that are not kept for good. */
export class Versions {
  readonly rhythm: Rhythm
  readonly #options: VersionOptions
  readonly #around: Surroundings
  readonly #running = new Set<Promise<unknown>>()
  /** Notes of which some are being dropped, by office and id. */
  readonly #thinning = new Set<string>()

  constructor(options: VersionOptions, around: Surroundings) {
    this.#options = options
    this.#around = around
    this.rhythm = { ...usual, ...options.rhythm }
  }

  /** Keeps a state of a note. Resolves with its key; null: there is nothing to keep, or it failed. Never rejects. */
  async keep(place: Place & { epoch?: number }, wanted: Wanted): Promise<VersionKey | null> {
    const making = this.#keep(place, wanted).catch((err: unknown) => {
      this.#around.log.warn({ err, officeId: place.officeId, note: place.note }, 'a version of a note was not kept')
      return null
    })
    return this.#track(making)
  }

  /** Resolves when none is being made or dropped. */
  async idle(): Promise<void> {
    await Promise.all(this.#running)
  }

  /** Those that are kept, by epoch and number. What the rule leaves out by now is dropped, also where nobody writes any more. */
  async list(place: Place): Promise<NoteVersion[]> {
    const all = await this.#options.store.versions(place.officeId, place.note)
    return this.#thin(place, all).kept
  }

  /** The text of one that is kept as a V1 update; null: there is no such. */
  async read(place: Place, key: VersionKey): Promise<Uint8Array<ArrayBuffer> | null> {
    const { officeId, note } = place
    if (!(await this.list(place)).some(({ epoch, seq }) => epoch === key.epoch && seq === key.seq)) return null
    const found = await this.#options.store.version(officeId, note, key)
    return found && new Uint8Array(await unpack(found.bytes))
  }

  /** Gives one a name; false: there is no such. */
  async name(place: Place, key: VersionKey, name: { text: string; by: Id }): Promise<boolean> {
    const named = await this.#options.store.nameVersion(place.officeId, place.note, key, name.text, name.by)
    if (named) this.#around.onChange(place)
    return named
  }

  /** Who wrote and deleted what, as far as the log is stored. */
  async authors({ officeId, note }: Place): Promise<NoteAuthors> {
    const { store } = this.#options
    const { epoch, snapshot, updates } = await store.note(officeId, note)
    const ledger = Ledger.from(snapshot?.ledger)
    for (const update of updates) ledger.add(update)
    const grants = await store.grantsOf(officeId, note)
    const seq = updates.at(-1)?.seq ?? snapshot?.seq ?? 0
    return { epoch, seq, clients: grants.map(({ client, memberId }) => [client, memberId]), ...ledger.told }
  }

  async #keep(place: Place & { epoch?: number }, { upTo = Infinity, reason, name }: Wanted): Promise<VersionKey | null> {
    const { officeId, note } = place
    const { store, isKept } = this.#options
    if (!(await isKept(officeId, note))) return null
    const before = await store.versions(officeId, note)
    if (before.some(({ epoch, seq }) => epoch === place.epoch && seq === upTo)) {
      await this.#thin(place, before).dropped
      return null
    }
    const made = await this.#around.compactor.compact(officeId, note, upTo)
    if (!made || made.seq === 0) return null
    const key = { epoch: made.epoch, seq: made.seq }
    const put = await this.#put(place, made, before, { reason, ...(name && { name }) })
    if (put === 'raced') return null
    if (put === 'there' && name) await this.name(place, key, name)
    if (put === 'done') {
      await this.#thin(place, await store.versions(officeId, note)).dropped
      this.#around.onChange(place)
    }
    return key
  }

  async #put(
    { officeId, note }: Place,
    { epoch, seq, bytes, ledger: known }: CompactedNote,
    all: readonly NoteVersion[],
    { reason, name }: Omit<Wanted, 'upTo'>,
  ): Promise<'done' | 'there' | 'raced'> {
    const ledger = Ledger.from(known)
    const before = all.findLast((version) => version.epoch === epoch && version.seq < seq)
    const packed = new Uint8Array(await pack(bytes))
    const result = await this.#options.store.putVersion(officeId, note, {
      ...{ epoch, seq, reason, bytes: packed, size: packed.length },
      at: ledger.at || this.#around.clock.now(),
      authors: ledger.authorsSince(before?.seq ?? 0),
      name: name?.text ?? null,
      namedBy: name?.by ?? null,
    })
    if (result === 'done') this.#options.onSpace?.(packed.length, 'kept')
    return result
  }

  /** Of all those of a note, those that the rule keeps, and when the others are dropped: never rejects. */
  #thin(place: Place, all: readonly NoteVersion[]): { kept: NoteVersion[]; dropped: Promise<void> } {
    const kept = keptVersions(all, this.#around.clock.now())
    const isKept = new Set(kept)
    const dropped = this.#drop(
      place,
      all.filter((version) => !isKept.has(version)),
    ).catch((err: unknown) => {
      this.#around.log.warn({ err, officeId: place.officeId, note: place.note }, 'old versions of a note stay')
    })
    return { kept, dropped: this.#track(dropped) }
  }

  async #drop({ officeId, note }: Place, left: readonly NoteVersion[]): Promise<void> {
    const key = `${officeId}/${note}`
    if (left.length === 0 || this.#thinning.has(key)) return
    this.#thinning.add(key)
    try {
      await this.#options.store.dropVersions(officeId, note, left)
      for (const { size } of left) this.#options.onSpace?.(size, 'dropped')
    } finally {
      this.#thinning.delete(key)
    }
  }

  #track<T>(going: Promise<T>): Promise<T> {
    this.#running.add(going)
    return going.finally(() => this.#running.delete(going))
  }
}
