import type { Id } from '#shared/contracts/ids.ts'
import { mayHold } from '#shared/contracts/note-contents.ts'
import { close, type CloseCode } from '#shared/contracts/notes-wire.ts'
import type { AppendResult, NoteAppend, NoteLog } from '../store/store.ts'
import type { Appender, AppendLog } from './append-log.ts'
import type { Caret } from './carets.ts'
import { Company } from './company.ts'
import type { Compactor } from './compactor.ts'
import { Doubts, isDoubtful } from './doubts.ts'
import { type Environment, judgeUnderFence } from './environment.ts'
import { InTurn } from './in-turn.ts'
import { missedBy, NoteBody } from './note-body.ts'
import type { Participant } from './participant.ts'
import type { Stroke } from './run.ts'
import { spread } from './spread.ts'
import { Tail, type TailParts } from './tail.ts'
import { isEmptyUpdate, judgeUpdate } from './validator.ts'
import { isAnswer, isAppend, split, type Waiting, type WaitingUpdate } from './waiting.ts'

/** What a room works with. `onBroken`: it must be forgotten at once. */
export interface RoomParts extends Omit<TailParts, 'clock'> {
  log: AppendLog
  compactor: Pick<Compactor, 'compact' | 'slice'>
  onBroken: (room: Room) => void
}

/** How many frames of one note are appended at once. */
const maxAppends = 500
/** How often in a row an append may come back unstored before the room is given up and read anew. */
const maxFailures = 10

/**
 * A live note: what is known of it, and the queue into the log. An update is judged, appended, and only then sent to the others and called
 * saved: what anybody has seen, or was told is saved, is on disk.
 */
export class Room implements Appender {
  readonly officeId: Id
  readonly note: Id
  readonly epoch: number
  readonly #environment: Environment
  readonly #parts: RoomParts
  #body: NoteBody
  readonly #participants = new Set<Participant>()
  /** Who is there, and where their carets stand. */
  readonly company: Company
  readonly #tail: Tail
  readonly #reading = new InTurn(() => this.#takeOver())
  readonly #doubts = new Doubts({
    readOn: async ({ writer }) => {
      await this.#environment.store.upToDate(this.officeId)
      writer.own = new Set(await this.#environment.store.clientsOf(this.officeId, this.note, writer.memberId))
      await this.readOn()
      if (this.#body.isHeavy) await this.#body.build(this.#parts.compactor.slice)
    },
    judge: (from, frame, bytes) => this.#admit(from, frame, bytes, true),
    settled: (error) => this.#settledDoubt(error),
  })
  /** When something was last written, in milliseconds since 1970. */
  #writtenAt: number
  #queue: Waiting[] = []
  #flying: Waiting[] = []
  #recovering = false
  /** The body holds what is not to be stored: it is read anew, and what waits is judged on that, before anything goes on. */
  #isSpoiled = false
  #failures = 0
  #broken = false
  #whenIdle: (() => void)[] = []

  private constructor(environment: Environment, parts: RoomParts, place: { officeId: Id; note: Id; epoch: number; body: NoteBody }) {
    this.#environment = environment
    this.#parts = parts
    this.officeId = place.officeId
    this.note = place.note
    this.epoch = place.epoch
    this.#body = place.body
    this.#tail = new Tail({ ...parts, clock: environment.clock }, place)
    this.#writtenAt = environment.clock.now()
    this.company = new Company(this.#participants, place, environment.clock.now, environment.abroad)
  }

  /** Reads a note's log. Throws where it cannot be read: a room is never empty because of that. */
  static async load(environment: Environment, parts: RoomParts, officeId: Id, note: Id): Promise<Room> {
    const log = await environment.store.note(officeId, note)
    const { body, left } = NoteBody.of(log)
    // neither the bytes nor the error, which may quote them: they are somebody's text
    if (left.length > 0) environment.log.error({ officeId, note, seqs: left }, 'updates of a note were left out')
    const room = new Room(environment, parts, { officeId, note, epoch: log.epoch, body })
    if (left.length === 0) room.#tail.begins(log)
    return room
  }

  /** The number of the last update that is known here. */
  get seq(): number {
    return this.#body.seq
  }

  /** Given up: nobody may join. */
  get isBroken(): boolean {
    return this.#broken
  }

  /** A channel opened: asks what it holds, and shows it who is there. */
  join(participant: Participant): void {
    this.#participants.add(participant)
    participant.send(this.#body.ask())
    this.company.greet(participant)
  }

  /** A channel closed; what it sent before is stored all the same. */
  leave(participant: Participant): void {
    if (!this.#participants.delete(participant)) return
    this.company.leave(participant)
    if (!this.#hasWriter) this.#tail.left(() => this.#hasWriter)
    this.#checkIdle()
  }

  /** Answers a step 1, once everything is stored that the answer holds. Throws where the state vector is malformed. */
  answer(participant: Participant, stateVector: Uint8Array): void {
    const messages = this.#isSpoiled ? [] : this.#body.answer(stateVector)
    if (!this.#isBusy) return participant.answer(messages)
    this.#queue.push({ kind: 'answer', from: participant, vector: stateVector, messages })
    this.#parts.log.push(this)
  }

  /** Takes what a client says about its own caret. */
  caret(participant: Participant, said: { cursor: Caret | undefined }): void {
    this.company.take(participant, said)
  }

  /** Takes the sync frame number `frame` of a channel; closes the channel where it cannot be taken. */
  receive(from: Participant, frame: number, bytes: Uint8Array): void {
    if (!this.#broken && this.#hear(from, frame, bytes)) this.#parts.log.push(this)
  }

  #hear(from: Participant, frame: number, bytes: Uint8Array): boolean {
    return this.#doubts.has(from) ? this.#doubts.hold(from, frame, bytes) : this.#admit(from, frame, bytes)
  }

  /** `isLast`: the log was read to its end, and what is not known now is not there. */
  #admit(from: Participant, frame: number, bytes: Uint8Array, isLast = false): boolean {
    // spoiled: judged when the body was read anew
    if (this.#isSpoiled || isEmptyUpdate(bytes)) return this.#wait(from, frame, bytes, { bytes, fresh: this.#isSpoiled })
    if (!isLast && this.#body.isHeavy) return this.#doubts.hold(from, frame, bytes)
    const verdict = judgeUpdate(bytes, from.writer.own, this.#body.ground, 'editor', (name) => mayHold(this.note, name))
    if (!isLast && isDoubtful(verdict)) return this.#doubts.hold(from, frame, bytes)
    if (verdict.kind === 'refused') return this.refuse(from, verdict.code, verdict.reason)
    if (verdict.kind === 'gap') return this.refuse(from, close.again, 'gap')
    if (verdict.fresh && !this.#take(from, verdict.bytes)) return false
    return this.#wait(from, frame, bytes, verdict)
  }

  #settledDoubt(error: unknown): void {
    if (error) this.#environment.log.warn({ err: error, note: this.note }, 'a note could not be read on')
    this.#parts.log.push(this)
    this.#checkIdle()
  }

  #wait(from: Participant, frame: number, received: Uint8Array, { bytes, fresh }: Pick<WaitingUpdate, 'bytes' | 'fresh'>): true {
    this.#queue.push({ kind: 'update', from, frame, received, bytes, fresh, seq: 0 })
    return true
  }

  /** The last guard: what Yjs throws on, or cannot apply completely, must not be stored. */
  #take(from: Participant, bytes: Uint8Array): boolean {
    if (this.#body.isFull(bytes.length)) return this.refuse(from, close.excess, 'the note is full')
    try {
      this.#body.take(bytes)
      return true
    } catch {
      this.#spoil()
      return this.refuse(from, close.malformed, 'cannot be applied')
    }
  }

  /** What honest editors do not send: the channel closes, and whoever looks after the server can see it. Ids only, no text. */
  refuse(from: Participant, code: CloseCode, reason: string): false {
    const { officeId, note } = this
    this.#environment.log.warn({ officeId, note, memberId: from.writer.memberId, code, reason, event: 'noteFrameRefused' }, 'security')
    from.close(code, reason)
    return false
  }

  take(): readonly NoteAppend[] {
    if (this.#broken || this.#recovering || this.#isSpoiled) return []
    this.#flying = this.#queue.splice(0, maxAppends)
    let seq = this.#body.seq
    const at = this.#environment.clock.now()
    return this.#flying.filter(isAppend).map((update) => {
      update.seq = ++seq
      const { memberId, fence } = update.from.writer
      return { officeId: this.officeId, note: this.note, epoch: this.epoch, seq, memberId, at, bytes: update.bytes, fence }
    })
  }

  settle(results: readonly AppendResult[]): void {
    const flying = this.#flying
    this.#flying = []
    // nothing was taken then
    if (this.#broken || this.#recovering) return
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
    } else if (this.#isSpoiled) void this.#recover('spoiled')
    else if (this.#queue.length > 0) this.#parts.log.push(this)
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
    this.#tail.end()
    this.#queue = []
    this.#doubts.forget()
    this.#parts.onBroken(this)
    for (const participant of [...this.#participants]) participant.close(code, reason)
    this.#checkIdle()
  }

  /** The right to write is gone: what waits of this channel is not stored any more. What is being appended is settled by its fence. */
  withdraw(participant: Participant): void {
    participant.close(close.rightWithdrawn, 'right withdrawn')
    this.#doubts.forget(participant)
    if (!this.#queue.some((waiting) => waiting.from === participant)) return
    this.#queue = this.#queue.filter((waiting) => waiting.from !== participant)
    this.#spoil()
  }

  /** Resolves when nothing waits to be stored. */
  whenIdle(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenIdle.push(resolve)
      this.#checkIdle()
    })
  }

  /** Frees the memory; the room is not used after. A state that is to be kept is kept all the same. */
  destroy(): void {
    this.#broken = true
    this.#body.rest()
  }

  /** Something waits, or is being made good. */
  get #isBusy(): boolean {
    return this.#queue.length > 0 || this.#flying.length > 0 || this.#recovering || this.#isSpoiled || this.#doubts.size > 0
  }

  #checkIdle(): void {
    if (this.#isBusy && !this.#broken) return
    for (const resolve of this.#whenIdle.splice(0)) resolve()
  }

  /** Stored: sent to the others, acknowledged. Whoever is answered now has it in the answer, or right after it. */
  #publish(stored: readonly Waiting[]): void {
    for (const { from, messages } of stored.filter(isAnswer)) from.answer(messages)
    // what was read on meanwhile went out already
    const fresh = stored.filter(isAppend).filter(({ seq }) => seq > this.#body.seq)
    const last = fresh.at(-1)
    if (last) {
      this.#body.seq = last.seq
      this.#grew(fresh.map(({ seq, from }) => ({ seq, memberId: from.writer.memberId, at: this.#environment.clock.now() })))
      spread(this.#participants, fresh)
    }
    for (const waiting of stored) if (waiting.kind === 'update') waiting.from.stored(waiting.frame)
  }

  #grew(strokes: readonly Stroke[]): void {
    this.#writtenAt = this.#environment.clock.now()
    this.#tail.grew(strokes)
  }

  get #hasWriter(): boolean {
    return [...this.#participants].some(({ writer }) => writer.mayWrite)
  }

  /** Lets go of the document where nobody has written for `restMs`, or only readers are left: the bytes are enough until somebody writes. */
  rest(restMs: number): void {
    if (!this.#body.isBuilt || this.#isBusy) return
    if (this.#hasWriter && this.#environment.clock.now() - this.#writtenAt < restMs) return
    this.#body.rest()
  }

  /** Is a document of this note in memory? */
  get isBuilt(): boolean {
    return this.#body.isBuilt
  }

  /** What is in the body must not stay there. */
  #spoil(): void {
    this.#isSpoiled = true
    if (this.#flying.length === 0 && !this.#recovering) void this.#recover('spoiled')
  }

  /** What was not stored is judged again, by the log or by the right, and tried at the next number. */
  async #recover(why: 'raced' | 'fenced' | 'spoiled'): Promise<void> {
    this.#recovering = true
    try {
      if (this.#failures > maxFailures) throw new Error(`appends come back ${why}`)
      if (why === 'fenced') await this.#judgeRightsAgain()
      if (why === 'raced' || this.#isSpoiled) await this.readOn()
      this.#recovering = false
      if (this.#broken) return
      // once more, where what waited could not be applied either
      if (this.#isSpoiled) return void this.#recover('spoiled')
      this.#parts.log.push(this)
    } catch (error) {
      this.#recovering = false
      this.fail(error)
    }
    this.#checkIdle()
  }

  /** Takes over what others appended, up to a moment after this was called. A note that was rebuilt meanwhile is given up. */
  readOn(): Promise<void> {
    return this.#reading.run()
  }

  async #takeOver(): Promise<void> {
    const { officeId, note, epoch } = this
    const isWhole = this.#isSpoiled
    const log = await this.#environment.store.note(officeId, note, isWhole ? undefined : { epoch, seq: this.#body.seq })
    if (this.#broken) return
    if (log.epoch !== this.epoch) return this.breakUp(close.otherEpoch, 'the note was rebuilt')
    const missed = missedBy(this.#body.seq, log).map((update) => ({ ...update, from: null }))
    this.#advance(missed)
    // spoiled by what was read: it is read once more
    if (isWhole && this.#recovering) this.#beginAnew(log)
    this.#answerAnew()
    if (missed.length === 0) return
    this.#grew(missed)
    spread(this.#participants, missed)
  }

  /** Those whose answer waits get what was read in it; and since it holds all that waits now, it goes out after all of that. */
  #answerAnew(): void {
    const answers = [...this.#flying, ...this.#queue].filter(isAnswer)
    this.#flying = this.#flying.filter((waiting) => !isAnswer(waiting))
    this.#queue = this.#queue.filter((waiting) => !isAnswer(waiting))
    for (const { from, vector } of answers) this.#queue.push({ kind: 'answer', from, vector, messages: this.#body.answer(vector) })
  }

  #advance(missed: readonly { seq: number; bytes: Uint8Array }[]): void {
    const last = missed.at(-1)
    if (!last || this.#isSpoiled) return
    try {
      this.#body.advance(
        missed.map(({ bytes }) => bytes),
        last.seq,
      )
    } catch {
      this.#spoil()
    }
  }

  /** The body as the log says, and what waits judged on it, one after the other. Nothing is being appended meanwhile. */
  #beginAnew(log: NoteLog): void {
    this.#body = NoteBody.of(log).body
    this.#isSpoiled = false
    const waiting = this.#queue
    this.#queue = []
    const out = new Set<Participant>()
    for (const each of waiting) {
      if (out.has(each.from)) continue
      if (each.kind === 'answer') this.#queue.push(each)
      else if (!this.#hear(each.from, each.frame, each.received) && !this.#doubts.has(each.from)) out.add(each.from)
    }
  }

  /** Another node may have appended: reads on where it is ahead. What waits here is stored first, or shows it by its number. */
  heard(epoch: number | null, seq: number | null): void {
    if (this.#broken || ((epoch ?? this.epoch) === this.epoch && (seq ?? 0) <= this.#body.seq)) return
    void (this.#isBusy ? this.whenIdle().then(() => this.heard(epoch, seq)) : this.#recover('raced'))
  }

  async #judgeRightsAgain(): Promise<void> {
    for (const from of new Set(this.#queue.filter(isAppend).map((update) => update.from))) {
      const right = await judgeUnderFence(this.#environment, this.officeId, from.writer.memberId, this.note)
      from.writer.fence = right.fence
      if (!right.write) this.withdraw(from)
    }
  }
}
