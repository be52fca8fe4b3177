import * as Y from 'yjs'
import { encodeCount } from '#shared/contracts/notes-frame.ts'
import { access, type Access, close, type CloseCode, kind, type Kind } from '#shared/contracts/notes-wire.ts'
import { type Caret, nobody, ownState, type Person } from './carets.ts'
import type { Clock, Timer } from './clock.ts'
import { awareness, readMessage } from './messages.ts'
import type { Participant, Writer } from './participant.ts'
import type { Room } from './room.ts'

/** A step 1 of a few bytes draws the whole document: it is answered once in this time. */
const answerEveryMs = 10_000
/** While somebody types, a channel is told so often how much is stored; the last word always follows. */
const savedEveryMs = 250
/** A caret is shown to the others so often; the last place always follows. */
const caretEveryMs = 50

/** The line a seat speaks through. */
export interface Line {
  send(kind: Kind, payload: Uint8Array): void
  /** Says why the channel is closed from this side. */
  close(code: CloseCode, reason: string): void
  /** The seat is left, by either side. */
  left(seat: Seat): void
}

/** An open channel: one browser's place in a room. */
export class Seat implements Participant {
  readonly room: Room
  readonly clientId: number
  readonly person: Person
  readonly writer: Writer
  inStep = false
  /** When something was last sent, in milliseconds since 1970. */
  lastSentAt = 0
  readonly #line: Line
  readonly #clock: Clock
  #open = true
  #answeredAt = Number.NEGATIVE_INFINITY
  #received = 0
  #stored = 0
  #told = 0
  #tellTimer: Timer | undefined
  #caretTimer: Timer | undefined
  /** The caret that waits for its turn; undefined: none does. */
  #caret: { cursor: Caret | undefined } | undefined

  constructor(line: Line, clock: Clock, place: { room: Room; clientId: number; person: Person; writer: Writer }) {
    this.#line = line
    this.#clock = clock
    this.room = place.room
    this.clientId = place.clientId
    this.person = place.person
    this.writer = place.writer
  }

  /** Takes the seat: the client is told, and asked what it holds. */
  take(): void {
    this.#line.send(kind.open, new Uint8Array([this.#access()]))
    this.room.join(this)
  }

  #access(): Access {
    if (this.writer.isOutdated) return access.outdated
    return this.writer.mayWrite ? access.write : access.read
  }

  /** One y-protocols message of the client. */
  receive(payload: Uint8Array): void {
    const message = readMessage(payload)
    if (!message) return this.refuse(close.malformed, 'malformed')
    // whoever may only read answers our step 1 all the same: that is no attempt to write
    if (message.kind === 'update') return this.writer.mayWrite ? this.room.receive(this, ++this.#received, message.bytes) : undefined
    try {
      if (message.kind === 'step1') this.#ask(message.stateVector)
      else this.#takeCaret(message.bytes)
    } catch {
      this.refuse(close.malformed, 'malformed')
    }
  }

  /** Closes the channel on what honest clients do not send. */
  refuse(code: CloseCode, reason: string): void {
    this.room.refuse(this, code, reason)
  }

  /** Only of those who may write: whoever reads has no caret. */
  #takeCaret(bytes: Uint8Array): void {
    if (!this.writer.mayWrite) return
    const said = ownState(bytes, this.clientId)
    if (said === undefined) return
    this.#caret = said
    if (!this.#caretTimer) this.#showCaret()
  }

  #showCaret(): void {
    this.#caretTimer = undefined
    if (!this.#open || this.#caret === undefined) return
    this.room.caret(this, this.#caret)
    this.#caret = undefined
    this.#caretTimer = this.#clock.after(caretEveryMs, () => this.#showCaret())
  }

  #ask(stateVector: Uint8Array): void {
    const now = this.#clock.now()
    if (now - this.#answeredAt < answerEveryMs) return
    // throws where it is malformed
    Y.decodeStateVector(stateVector)
    this.#answeredAt = now
    this.room.answer(this, stateVector)
  }

  answer(messages: readonly Uint8Array[]): void {
    for (const message of messages) this.send(message)
    this.inStep = true
  }

  send(message: Uint8Array): void {
    if (!this.#open) return
    this.lastSentAt = this.#clock.now()
    this.#line.send(kind.data, message)
  }

  /** Sends something where nothing was sent for so long: y-websocket takes a silent line for dead. */
  keepAlive(silentMs: number): void {
    if (this.#clock.now() - this.lastSentAt >= silentMs) this.send(awareness(nobody))
  }

  stored(frames: number): void {
    this.#stored = frames
    if (!this.#open || this.#tellTimer) return
    this.#tell()
    this.#tellTimer = this.#clock.after(savedEveryMs, () => {
      this.#tellTimer = undefined
      if (this.#stored > this.#told) this.stored(this.#stored)
    })
  }

  #tell(): void {
    this.#told = this.#stored
    this.#line.send(kind.saved, encodeCount(this.#stored))
  }

  tellVersions(): void {
    if (this.#open) this.#line.send(kind.versions, new Uint8Array())
  }

  close(code: CloseCode, reason: string): void {
    if (!this.#open) return
    if (this.#stored > this.#told) this.#tell()
    this.#line.close(code, reason)
    this.leave()
  }

  /** The client left, or its socket is gone. */
  leave(): void {
    if (!this.#open) return
    this.#open = false
    this.#tellTimer?.cancel()
    this.#caretTimer?.cancel()
    this.room.leave(this)
    this.#line.left(this)
  }
}
