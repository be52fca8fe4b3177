import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { CommentGrant } from '#shared/contracts/answers/comment.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { NoteId } from '#shared/contracts/note-id.ts'
import { close, type NoteGrant, type WriterState } from '#shared/contracts/notes-wire.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import { longestComeBackMs } from '#shared/contracts/socket.ts'
import type { Actor } from '#shared/domain/access.ts'
import { judgeOpenChannels } from './access-changed.ts'
import type { Clock, Timer } from './clock.ts'
import type { Compact } from './compactor.ts'
import { Connection, type Session } from './connection.ts'
import type { Environment } from './environment.ts'
import { eraseText } from './erase.ts'
import { grantComments, grantNote } from './grant.ts'
import { rebuildNote } from './rebuild.ts'
import { Registry } from './registry.ts'
import type { SearchOptions } from './searched-notes.ts'
import type { VersionOptions, Versions } from './versions.ts'

export interface HallOptions extends Environment {
  /** How long an update waits for company before it is stored, in milliseconds. */
  flushMs?: number
  /** After how long without a word written a room lets go of its document, in milliseconds. */
  restMs?: number
  /** How long a note nobody has open stays in memory, in milliseconds. */
  idleMs?: number
  /** A channel is sent something at least this often, in milliseconds (and a half); y-websocket gives up after 30 s of silence. */
  keepAliveMs?: number
  /** A socket with more unsent bytes is closed. */
  maxUnsentBytes?: number
  /** After so many updates a note is compacted. */
  compactEvery?: number
  /** Makes one update of many; absent: in a thread. */
  compact?: Compact
  /** Given: states of notes are kept. */
  versions?: VersionOptions
  /** Given: what notes say can be searched. */
  searched?: SearchOptions
  /** From 0 to below 1: how long whom a stop sends away is to stay away. */
  random?: () => number
}

/** The rooms of this node, and the sockets of those who sit in them. */
export class Hall {
  readonly #options: HallOptions
  readonly #registry: Registry
  readonly #connections = new Set<Connection>()
  readonly #maxUnsentBytes: number
  readonly #timers: Timer[]
  #isDraining = false

  constructor(options: HallOptions) {
    const { clock } = options
    const { flushMs = 0, idleMs = 10_000, restMs = 20_000, keepAliveMs = 10_000, maxUnsentBytes = 16 * 1024 * 1024 } = options
    this.#options = options
    this.#maxUnsentBytes = maxUnsentBytes
    const { compactEvery = 300, compact, versions, searched } = options
    this.#registry = new Registry(options, { flushMs, idleMs, compactEvery, compact, versions, searched })
    this.#timers = [
      clock.every(keepAliveMs / 2, () => this.#keepAlive(keepAliveMs)),
      clock.every(20_000, () => this.#connections.forEach((connection) => connection.checkAlive())),
      clock.every(Math.max(10, restMs / 2), () => this.#registry.rest(restMs)),
    ]
    for (const timer of this.#timers) timer.unref()
  }

  /** Takes a socket that just opened, of this session (null: nobody's), and the line it writes to. Where it cannot be taken it is closed. */
  attach(ws: WebSocket, session: Session | null | 'failed', line?: Duplex): void {
    if (session === 'failed' || this.#isDraining) return closeAlone(this.#options.clock, ws, close.again)
    if (!session) return closeAlone(this.#options.clock, ws, close.noRight)
    const environment = this.#options
    const connection = new Connection(ws, session, { environment, registry: this.#registry, maxUnsentBytes: this.#maxUnsentBytes, line })
    this.#connections.add(connection)
    ws.once('close', () => this.#connections.delete(connection))
  }

  /** For a member who wants to open a dossier's note. Throws where the store fails. */
  grant(actor: Actor, dossierId: Id, ahead?: number): Promise<NoteGrant | Refusal> {
    return grantNote(this.#options, this.#registry, actor, dossierId, ahead)
  }

  /** For a member who may see the dossier and wants to open its comments, by these authors. Throws where the store fails. */
  grantComments(actor: Actor, dossierId: Id, authors: readonly Id[], ahead?: number): Promise<CommentGrant[]> {
    return grantComments(this.#options, this.#registry, actor, dossierId, authors, ahead)
  }

  /** After a commit that changed who may see or write these (`'all'`: a member's reach changed). Never rejects. */
  accessChanged(officeId: Id, dossierIds: readonly Id[] | 'all'): Promise<void> {
    return judgeOpenChannels(this.#options, this.#connections, officeId, dossierIds)
  }

  /** The kept states of notes. Throws where none are kept. */
  get versions(): Versions {
    if (!this.#registry.versions) throw new Error('no versions are kept')
    return this.#registry.versions
  }

  /** Has searches know what all notes of an office say; those that were written in while this node did not run, or beside the rooms. Never rejects. */
  async readForSearches(officeId: Id): Promise<void> {
    await this.#registry.searched?.sweep(officeId)
  }

  /** Puts another text, one V1 update, in the place of a note; see `rebuildNote`. */
  rebuild(officeId: Id, note: NoteId, text: Uint8Array): Promise<'done' | 'raced'> {
    return rebuildNote(this.#options, this.#registry, { officeId, note }, text)
  }

  /** Takes a text of a document away for good; see `eraseText`. */
  erase(officeId: Id, note: NoteId, field: string): Promise<void> {
    return eraseText(this.#options, this.#registry, { officeId, note }, field)
  }

  /** A node, this one or another, has appended to a note, or rebuilt it; null: as before. */
  heard(officeId: Id, note: NoteId, end: { epoch: number | null; seq: number | null }): void {
    this.#registry.heard({ officeId, note }, end)
  }

  /** A caret of another node stands there now; null: it left. */
  heardCaret(officeId: Id, note: NoteId, clientId: number, state: WriterState | null): void {
    this.#registry.heardCaret({ officeId, note }, clientId, state)
  }

  /** What other nodes wrote may have been missed. */
  heardNothing(): void {
    this.#registry.heardNothing()
  }

  /** Looks whether the open notes went on, whether that was heard or not. Never rejects. */
  lookAround(): Promise<void> {
    return this.#registry.lookAround()
  }

  /** What is open on this node: notes in memory by state, sockets, and channels in them. */
  get figures(): { rooms: Record<string, number>; sockets: number; channels: number } {
    const connections = [...this.#connections]
    const channels = connections.reduce((sum, { seats }) => sum + seats.length, 0)
    return { rooms: this.#registry.states, sockets: connections.length, channels }
  }

  /** Makes ready what would else be made while people write. */
  warmUp(): void {
    this.#registry.warmUp()
  }

  /** Closes the sockets of a session that was ended. */
  sessionEnded(sessionKey: string): void {
    for (const connection of this.#connections)
      if (connection.session.sessionKey === sessionKey) connection.close(close.noRight, 'signed out')
  }

  /** The stop: takes nothing new, stores what it has, and tells every socket after which pause to come back. */
  async drain(): Promise<void> {
    this.#isDraining = true
    for (const timer of this.#timers) timer.cancel()
    const closed = [...this.#connections].map((connection) => connection.drain())
    await this.#registry.settled()
    await this.#registry.breakUp()
    const { random = Math.random } = this.#options
    for (const connection of this.#connections) connection.close(close.stopping, String(Math.floor(random() * longestComeBackMs)))
    await Promise.all(closed)
  }

  #keepAlive(silentMs: number): void {
    for (const { seats } of this.#connections) for (const seat of seats) seat.keepAlive(silentMs)
  }
}

function closeAlone(clock: Clock, ws: WebSocket, code: number): void {
  ws.on('error', () => {})
  ws.close(code)
  clock.after(1_000, () => ws.terminate()).unref()
}
