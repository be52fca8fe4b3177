import type { Id } from '#shared/contracts/ids.ts'
import { close, type CloseCode } from '#shared/contracts/notes-wire.ts'
import type { AppendResult, NoteAppend } from '../store/store.ts'
import type { Appender, AppendLog } from './append-log.ts'
import { type Caret, Carets } from './carets.ts'
import type { Environment } from './environment.ts'
import { judgeUnderFence } from './environment.ts'
import type { Compactor } from './compactor.ts'
import { awareness, update } from './messages.ts'
import { NoteBody } from './note-body.ts'
import { coalesce } from './note-document.ts'
import type { Participant } from './participant.ts'
import { Shadow } from './shadow.ts'
import { Tail } from './tail.ts'
import { judgeUpdate } from './validator.ts'

/** A sync frame on its way into the log. */
interface Entry {
  from: Participant
  /** Its number among the sync frames of its channel. */
  frame: number
  bytes: Uint8Array
  /** Not fresh: nothing is appended, but it is called stored only after everything before it is. */
  fresh: boolean
  seq: number
}

/** What a room works with. `onBroken`: it must be forgotten at once. */
export interface RoomParts {
  log: AppendLog
  compactor: Pick<Compactor, 'compact'>
  onBroken: (room: Room) => void
}

/** How many frames of one note are appended at once. */
const maxAppends = 500
/** How large a note may grow, in bytes as one update. */
const maxNoteBytes = 8 * 1024 * 1024
/** How often in a row an append may come back unstored before the room is given up and read anew. */
const maxFailures = 10

/**
 * A live note: the committed document, and the queue into the log. An update is judged, appended, and only then applied,
 * sent to the others and called saved: what anybody has seen, or was told is saved, is on disk.
 */
export class Room implements Appender {
  readonly officeId: Id
  readonly note: Id
  readonly epoch: number
  readonly #environment: Environment
  readonly #log: AppendLog
  readonly #onBroken: (room: Room) => void
  readonly #body: NoteBody
  /** Made when somebody writes. */
  #shadow: Shadow | null = null
  readonly #carets: Carets<Participant>
  readonly #participants = new Set<Participant>()
  readonly #tail: Tail
  /** When something was last written, in milliseconds since 1970. */
  #writtenAt: number
  #queue: Entry[] = []
  #flying: Entry[] = []
  #recovering = false
  #readingOn = false
  #failures = 0
  #broken = false
  #whenIdle: (() => void)[] = []

  private constructor(
    environment: Environment,
    { log, compactor, onBroken }: RoomParts,
    place: { officeId: Id; note: Id; epoch: number; body: NoteBody },
  ) {
    this.#environment = environment
    this.#log = log
    this.#onBroken = onBroken
    this.officeId = place.officeId
    this.note = place.note
    this.epoch = place.epoch
    this.#body = place.body
    this.#tail = new Tail(compactor, place, 0)
    this.#writtenAt = environment.now()
    this.#carets = new Carets(environment.now)
  }

  /** Reads a note's log. Throws where it cannot be read: a room is never empty because of that. */
  static async load(environment: Environment, parts: RoomParts, officeId: Id, note: Id): Promise<Room> {
    const log = await environment.store.note(officeId, note)
    const { body, left } = NoteBody.of(log)
    // neither the bytes nor the error, which may quote them: they are somebody's text
    if (left.length > 0) environment.log.error({ officeId, note, seqs: left }, 'updates of a note were left out')
    const room = new Room(environment, parts, { officeId, note, epoch: log.epoch, body })
    if (left.length === 0) room.#grew(log.updates.length)
    return room
  }

  /** Given up: nobody may join. */
  get isBroken(): boolean {
    return this.#broken
  }

  /** A channel opened: asks what it holds, and shows it who is there. */
  join(participant: Participant): void {
    this.#participants.add(participant)
    participant.send(this.#body.ask())
    const others = this.#carets.others(participant.clientId)
    if (others) participant.send(awareness(others))
  }

  /** A channel closed; what it sent before is stored all the same. */
  leave(participant: Participant): void {
    if (!this.#participants.delete(participant)) return
    this.#show(participant, this.#carets.leave(participant, participant.clientId))
    this.#checkIdle()
  }

  /** Answers a step 1. Throws where the state vector is malformed. */
  answer(participant: Participant, stateVector: Uint8Array): void {
    for (const message of this.#body.answer(stateVector)) participant.send(message)
  }

  /** Takes what a client says about its own caret; null: it leaves. */
  caret(participant: Participant, said: { cursor: Caret | undefined } | null): void {
    this.#show(participant, this.#carets.take(participant, participant.clientId, participant.person, said))
  }

  #show(participant: Participant, carets: Uint8Array | null): void {
    if (!carets) return
    const message = awareness(carets)
    for (const other of this.#participants) if (other.clientId !== participant.clientId) other.send(message)
  }

  /** Takes the sync frame number `frame` of a channel; closes the channel where it cannot be taken. */
  receive(from: Participant, frame: number, bytes: Uint8Array): void {
    if (!this.#broken && this.#admit(from, frame, bytes)) this.#log.push(this)
  }

  #admit(from: Participant, frame: number, bytes: Uint8Array): boolean {
    const verdict = judgeUpdate(bytes, from.writer.own, this.#known)
    if (verdict.kind === 'accepted') {
      if (verdict.fresh && this.#isFull(verdict.bytes.length)) return this.refuse(from, close.excess, 'the note is full')
      if (verdict.fresh && !this.#try(from, verdict.bytes)) return false
      this.#queue.push({ from, frame, bytes: verdict.bytes, fresh: verdict.fresh, seq: 0 })
      return true
    }
    if (verdict.kind === 'refused') return this.refuse(from, verdict.code, verdict.reason)
    void this.#readOnAside()
    return this.refuse(from, close.again, 'gap')
  }

  #isFull(more: number): boolean {
    const exceeds = () => this.#body.bytes + this.#waitingBytes + more > maxNoteBytes
    if (!exceeds()) return false
    this.#body.measure()
    return exceeds()
  }

  get #waitingBytes(): number {
    let bytes = 0
    for (const entries of [this.#flying, this.#queue]) for (const entry of entries) if (entry.fresh) bytes += entry.bytes.length
    return bytes
  }

  /** What honest editors do not send: the channel closes, and whoever looks after the server can see it. Ids only, no text. */
  refuse(from: Participant, code: CloseCode, reason: string): false {
    const { officeId, note } = this
    this.#environment.log.warn({ officeId, note, memberId: from.writer.memberId, code, reason, event: 'noteFrameRefused' }, 'security')
    from.close(code, reason)
    return false
  }

  /** The last guard: what Yjs throws on, or cannot apply completely, must not be stored. */
  #try(from: Participant, bytes: Uint8Array): boolean {
    try {
      this.#known.queue(bytes)
      return true
    } catch {
      this.#known.reset(freshBytes([...this.#flying, ...this.#queue]))
      return this.refuse(from, close.malformed, 'cannot be applied')
    }
  }

  take(): readonly NoteAppend[] {
    if (this.#broken || this.#recovering) return []
    this.#flying = this.#queue.splice(0, maxAppends)
    let seq = this.#body.seq
    const at = this.#environment.now()
    return this.#flying
      .filter((entry) => entry.fresh)
      .map((entry) => {
        entry.seq = ++seq
        const { memberId, fence } = entry.from.writer
        return { officeId: this.officeId, note: this.note, epoch: this.epoch, seq, memberId, at, bytes: entry.bytes, fence }
      })
  }

  settle(results: readonly AppendResult[]): void {
    const flying = this.#flying
    this.#flying = []
    if (this.#broken) return
    const { stored, result } = split(flying, results)
    try {
      this.#publish(flying.slice(0, stored))
    } catch (error) {
      return this.fail(error)
    }
    if (result !== 'stored') {
      this.#queue = [...flying.slice(stored), ...this.#queue]
      this.#failures = stored > 0 ? 0 : this.#failures + 1
      void this.#recover(result)
    } else if (this.#queue.length > 0) this.#log.push(this)
    this.#checkIdle()
  }

  fail(error: unknown): void {
    this.#flying = []
    this.#environment.log.error({ err: error, officeId: this.officeId, note: this.note }, 'a note could not be stored')
    this.breakUp(close.again, 'not stored')
  }

  /** Gives the room up: closes its channels, forgets the queue. Nothing of that was acknowledged or sent on. */
  breakUp(code: CloseCode, reason: string): void {
    if (this.#broken) return
    this.#broken = true
    this.#queue = []
    this.#onBroken(this)
    for (const participant of [...this.#participants]) participant.close(code, reason)
    this.#checkIdle()
  }

  /** The right to write is gone: what waits of this channel is not stored any more. What is being appended is settled by its fence. */
  withdraw(participant: Participant): void {
    participant.close(close.rightWithdrawn, 'right withdrawn')
    if (!this.#queue.some((entry) => entry.from === participant)) return
    this.#queue = this.#queue.filter((entry) => entry.from !== participant)
    this.#judgeQueueAgain()
  }

  /** Resolves when nothing waits to be stored. */
  whenIdle(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenIdle.push(resolve)
      this.#checkIdle()
    })
  }

  /** Frees the memory; the room is not used after. */
  destroy(): void {
    this.#broken = true
    this.#shadow?.reset()
    this.#shadow = null
    this.#body.rest()
  }

  #checkIdle(): void {
    if (this.#queue.length > 0 || this.#flying.length > 0 || this.#recovering) return
    // nobody writes: the trial document need not stay in memory
    if (!this.#hasWriter) this.#shadow?.reset()
    for (const resolve of this.#whenIdle.splice(0)) resolve()
  }

  /** Stored: applied, sent to the others, acknowledged. In this order. */
  #publish(entries: readonly Entry[]): void {
    const fresh = entries.filter((entry) => entry.fresh && entry.seq > this.#body.seq)
    const last = fresh.at(-1)
    if (last) {
      this.#advance(
        fresh.map(({ bytes }) => bytes),
        last.seq,
      )
      this.#send(fresh)
    }
    for (const { from, frame } of entries) from.stored(frame)
  }

  #advance(updates: readonly Uint8Array[], seq: number): void {
    this.#body.advance(updates, seq)
    this.#writtenAt = this.#environment.now()
    this.#grew(updates.length)
  }

  #grew(by: number): void {
    this.#tail.grew(by, () => this.#body.seq)
  }

  /** What updates are judged by. */
  get #known(): Shadow {
    return (this.#shadow ??= new Shadow(this.#body.doc))
  }

  get #hasWriter(): boolean {
    return [...this.#participants].some(({ writer }) => writer.mayWrite)
  }

  /** Lets go of the document where nobody has written for `restMs`, or only readers are left: the bytes are enough until somebody writes. */
  rest(restMs: number): void {
    if (!this.#body.isBuilt || this.#queue.length > 0 || this.#flying.length > 0 || this.#recovering) return
    if (this.#hasWriter && this.#environment.now() - this.#writtenAt < restMs) return
    this.#shadow?.reset()
    this.#shadow = null
    this.#body.rest()
  }

  /** Is a document of this note in memory? */
  get isBuilt(): boolean {
    return this.#body.isBuilt
  }

  /** To each channel what is not its own; encoded once for all who get the same. */
  #send(updates: readonly { from: Participant | null; bytes: Uint8Array }[]): void {
    const encode = (some: typeof updates) => coalesce(some.map(({ bytes }) => bytes)).map((bytes) => update(bytes))
    const senders = new Set(updates.map(({ from }) => from))
    let forAll: readonly Uint8Array[] | undefined
    for (const participant of this.#participants) {
      if (!participant.inStep) continue
      const messages = senders.has(participant) ? encode(updates.filter(({ from }) => from !== participant)) : (forAll ??= encode(updates))
      for (const message of messages) participant.send(message)
    }
  }

  /** What was not stored is judged again, by the log or by the right, and tried at the next number. */
  async #recover(why: 'raced' | 'fenced'): Promise<void> {
    this.#recovering = true
    try {
      if (this.#failures > maxFailures) throw new Error(`appends come back ${why}`)
      if (why === 'raced') await this.#readOn()
      else await this.#judgeRightsAgain()
      this.#recovering = false
      if (this.#broken) return
      this.#judgeQueueAgain()
      this.#log.push(this)
    } catch (error) {
      this.#recovering = false
      this.fail(error)
    }
    this.#checkIdle()
  }

  /** Takes over what others appended. A note that was rebuilt meanwhile is given up. */
  async #readOn(): Promise<void> {
    const { epoch, snapshot, updates } = await this.#environment.store.note(this.officeId, this.note)
    if (this.#broken) return
    if (epoch !== this.epoch) return this.breakUp(close.otherEpoch, 'the note was rebuilt')
    // what is missing here was compacted meanwhile: the whole snapshot is, once more, an update
    const ahead = snapshot && snapshot.seq > this.#body.seq ? [{ seq: snapshot.seq, bytes: snapshot.bytes, from: null }] : []
    const missed = [...ahead, ...updates.filter(({ seq }) => seq > this.#body.seq).map(({ seq, bytes }) => ({ seq, bytes, from: null }))]
    const last = missed.at(-1)
    if (!last) return
    this.#advance(
      missed.map(({ bytes }) => bytes),
      last.seq,
    )
    this.#send(missed)
  }

  /** After a gap: another node may be ahead. The client comes back by itself and finds what it built on. */
  async #readOnAside(): Promise<void> {
    if (this.#readingOn) return
    this.#readingOn = true
    try {
      await this.#readOn()
      if (!this.#broken) this.#judgeQueueAgain()
    } catch (error) {
      this.#environment.log.warn({ err: error, officeId: this.officeId, note: this.note }, 'a note could not be read on')
    }
    this.#readingOn = false
  }

  async #judgeRightsAgain(): Promise<void> {
    for (const from of new Set(this.#queue.map((entry) => entry.from))) {
      const right = await judgeUnderFence(this.#environment, this.officeId, from.writer.memberId, this.note)
      from.writer.fence = right.fence
      if (!right.write) this.withdraw(from)
    }
  }

  #judgeQueueAgain(): void {
    const waiting = this.#queue
    this.#queue = []
    this.#known.reset(freshBytes(this.#flying))
    const out = new Set<Participant>()
    for (const { from, frame, bytes } of waiting) {
      if (!out.has(from) && !this.#admit(from, frame, bytes)) out.add(from)
    }
  }
}

const freshBytes = (entries: readonly Entry[]) => entries.filter(({ fresh }) => fresh).map(({ bytes }) => bytes)

/** How many entries from the first on are stored (those with nothing to store included), and what became of the next. */
function split(entries: readonly Entry[], results: readonly AppendResult[]): { stored: number; result: AppendResult } {
  let next = 0
  for (const [index, entry] of entries.entries()) {
    const result = entry.fresh ? (results[next++] ?? 'raced') : 'stored'
    if (result !== 'stored') return { stored: index, result }
  }
  return { stored: entries.length, result: 'stored' }
}
