import type { Id } from '#shared/contracts/ids.ts'
import type { NoteId } from '#shared/contracts/note-id.ts'
import { close, type CloseCode, type WriterState } from '#shared/contracts/notes-wire.ts'
import { AppendLog } from './append-log.ts'
import type { Timer } from './clock.ts'
import { type Compact, Compactor } from './compactor.ts'
import type { Environment } from './environment.ts'
import { Room } from './room.ts'
import { SearchedNotes, type SearchOptions } from './searched-notes.ts'
import { type VersionOptions, Versions } from './versions.ts'

/** A room's life. `draining`: nobody is in it, and what waits is being stored; whoever comes then finds it live again. */
export type RoomState = 'absent' | 'loading' | 'live' | 'draining'

interface Entry {
  /** One for all who wait for this room. */
  loading: Promise<Room>
  /** Once it is loaded. */
  room: Room | null
  state: RoomState
  users: number
  emptyTimer: Timer | undefined
}

interface Place {
  officeId: Id
  note: Id
}

const keyOf = ({ officeId, note }: Place) => `${officeId}/${note}`

/** The rooms of this node: each note at most once, loaded when somebody comes, forgotten a while after the last one left. */
export class Registry {
  readonly #environment: Environment
  readonly #log: AppendLog
  readonly #compactor: Compactor
  /** The kept states of notes; absent: none are kept. */
  readonly versions: Versions | undefined
  /** What notes say; absent: they are not searched. */
  readonly searched: SearchedNotes | undefined
  readonly #idleMs: number
  readonly #compactEvery: number
  readonly #entries = new Map<string, Entry>()
  #isLooking = false

  /**
   * @param flushMs how long an update waits for company before it is appended, in milliseconds
   * @param idleMs how long an empty room stays in memory, in milliseconds
   * @param compactEvery after how many updates a note is compacted; `compact`: how, if not in a thread
   * @param versions given: states of notes are kept; `searched`: what they say can be searched
   */
  constructor(
    environment: Environment,
    {
      flushMs,
      idleMs,
      compactEvery = 300,
      compact,
      versions,
      searched,
    }: {
      flushMs: number
      idleMs: number
      compactEvery?: number
      compact?: Compact | undefined
      versions?: VersionOptions | undefined
      searched?: SearchOptions | undefined
    },
  ) {
    this.#environment = environment
    this.#log = new AppendLog(environment, flushMs)
    this.#compactor = new Compactor(environment.store, environment.log, compact)
    const around = { ...environment, compactor: this.#compactor, onChange: (place: Place) => this.#versionsChanged(place) }
    this.versions = versions && new Versions(versions, around)
    this.searched = searched && new SearchedNotes(searched, { ...environment, textOf: this.#compactor.textOf })
    this.#compactEvery = compactEvery
    this.#idleMs = idleMs
  }

  /** The live room of a note, held until `release`. Throws where it cannot be loaded; the next one to ask tries anew. */
  async acquire(officeId: Id, note: Id): Promise<Room> {
    const key = keyOf({ officeId, note })
    const entry = this.#entries.get(key) ?? this.#load(key, officeId, note)
    entry.users++
    entry.emptyTimer?.cancel()
    return entry.loading
  }

  /** One who acquired the room does not need it any more. */
  release(room: Room): void {
    const key = keyOf(room)
    const entry = this.#entries.get(key)
    // a broken room is not here any more, but another one of its note may be
    if (entry?.room !== room) return
    entry.users--
    if (entry.users > 0) return
    entry.emptyTimer = this.#environment.clock.after(this.#idleMs, () => void this.#drain(key, entry, room)).unref()
  }

  state(officeId: Id, note: Id): RoomState {
    return this.#entries.get(keyOf({ officeId, note }))?.state ?? 'absent'
  }

  /** How many notes are in memory, by the state of their room. */
  get states(): Record<Exclude<RoomState, 'absent'>, number> {
    const states = { loading: 0, live: 0, draining: 0 }
    for (const { state } of this.#entries.values()) if (state !== 'absent') states[state]++
    return states
  }

  /** Makes ready what the first long note would have to wait for. */
  warmUp(): void {
    this.#compactor.warmUp()
  }

  /** Resolves when nothing waits to be stored in any room, those being loaded included. */
  async settled(): Promise<void> {
    const rooms = await Promise.allSettled([...this.#entries.values()].map((entry) => entry.loading))
    await Promise.all(rooms.map((loaded) => (loaded.status === 'fulfilled' ? loaded.value.whenIdle() : undefined)))
  }

  /** Lets rooms nobody has written in for `restMs` go without a document. */
  rest(restMs: number): void {
    for (const { room } of this.#entries.values()) room?.rest(restMs)
  }

  /** Gives the room of one note up, also one that is being loaded: it may hold what is not so any more. */
  breakUpNote(place: Place, code: CloseCode, reason: string): void {
    const entry = this.#entries.get(keyOf(place))
    void entry?.loading.then(
      (room) => room.breakUp(code, reason),
      () => {},
    )
  }

  /** Puts a snapshot in the place of a note's updates now, unless it cannot be made. */
  async compact(officeId: Id, note: NoteId): Promise<void> {
    await this.#compactor.compact(officeId, note)
  }

  /** The note's log goes on to `seq`, or is of another epoch (null: as before), by whichever node. */
  heard(place: Place, { epoch, seq }: { epoch: number | null; seq: number | null }): void {
    // neither more of it nor another epoch: what is kept of it
    if (epoch === null && seq === null) this.#versionsChanged(place)
    // one that is being loaded may just have missed it
    void this.#entries.get(keyOf(place))?.loading.then(
      (room) => room.heard(epoch, seq),
      () => {},
    )
  }

  #versionsChanged(place: Place): void {
    this.#entries.get(keyOf(place))?.room?.company.tellVersions()
  }

  /** A caret of another node; null: it left. A room that is being loaded finds it when it is. */
  heardCaret(place: Place, clientId: number, state: WriterState | null): void {
    this.#entries.get(keyOf(place))?.room?.company.hear(clientId, state)
  }

  /** What other nodes wrote may have been missed: every room reads on. */
  heardNothing(): void {
    for (const { room } of this.#entries.values()) room?.heard(null, Infinity)
  }

  /** Looks whether the notes in memory went on, whether that was heard or not: one question for each office. Never rejects. */
  async lookAround(): Promise<void> {
    if (this.#isLooking) return
    this.#isLooking = true
    const rooms = [...this.#entries.values()].flatMap(({ room }) => room ?? [])
    const looks = [...Map.groupBy(rooms, ({ officeId }) => officeId)].map((office) => this.#look(...office))
    await Promise.all(looks).catch((err: unknown) => this.#environment.log.warn({ err }, 'the open notes could not be looked at'))
    this.#isLooking = false
  }

  async #look(officeId: Id, rooms: readonly Room[]): Promise<void> {
    const known = rooms.map((room) => ({ room, seq: room.seq }))
    const lengths = await this.#environment.store.noteLengths(
      officeId,
      rooms.map(({ note }) => note),
    )
    for (const { room, seq } of known) {
      const length = lengths.get(room.note) ?? 0
      // shorter than what is known: it is of another epoch
      room.heard(null, length < seq ? Infinity : length)
    }
  }

  /** Gives all rooms up, at the end. */
  async breakUp(): Promise<void> {
    for (const entry of [...this.#entries.values()]) entry.room?.breakUp(close.again, 'the server stops')
    this.#entries.clear()
    await this.searched?.close()
    await this.#compactor.close()
    await this.versions?.idle()
  }

  #load(key: string, officeId: Id, note: Id): Entry {
    const forget = () => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key)
      entry.emptyTimer?.cancel()
    }
    const made = { log: this.#log, compactor: this.#compactor, compactEvery: this.#compactEvery }
    const parts = { ...made, versions: this.versions, searched: this.searched, onBroken: forget }
    const loading = Room.load(this.#environment, parts, officeId, note)
    const entry: Entry = { loading, room: null, state: 'loading', users: 0, emptyTimer: undefined }
    this.#entries.set(key, entry)
    loading.then((room) => {
      entry.state = 'live'
      entry.room = room
    }, forget)
    return entry
  }

  async #drain(key: string, entry: Entry, room: Room): Promise<void> {
    entry.state = 'draining'
    await room.whenIdle()
    if (entry.users > 0 || this.#entries.get(key) !== entry) {
      entry.state = 'live'
      return
    }
    this.#entries.delete(key)
    room.destroy()
  }
}
