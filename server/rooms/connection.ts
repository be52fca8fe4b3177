import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { decodeFrame, decodeOpen, encodeClose, encodeFrame } from '#shared/contracts/notes-frame.ts'
import { close, type CloseCode, kind, type Kind } from '#shared/contracts/notes-wire.ts'
import type { Actor } from '#shared/domain/access.ts'
import { Assembly } from './assembly.ts'
import { Budget, frameAllowance, textByteAllowance, textFrameAllowance } from './budget.ts'
import type { Environment } from './environment.ts'
import { isUpdate } from './messages.ts'
import { openChannel, type Opening, type Place } from './opening.ts'
import type { Registry } from './registry.ts'
import { Seat } from './seat.ts'

/** Whose socket it is. */
export interface Session {
  actor: Actor
  sessionKey: string
}

export interface ConnectionOptions {
  /** What the socket writes to; absent: nothing is gathered. */
  line?: Pick<Duplex, 'cork' | 'uncork'> | undefined
  environment: Environment
  registry: Registry
  /** A socket with more unsent bytes than this is closed: it does not read. */
  maxUnsentBytes: number
}

const maxChannels = 200

/** One browser tab's `/notes` socket with its channels. */
export class Connection {
  readonly session: Session
  readonly #ws: WebSocket
  readonly #options: ConnectionOptions
  readonly #channels = new Map<number, Opening & { seat: Seat | null }>()
  readonly #frames: Budget
  readonly #textFrames: Budget
  readonly #textBytes: Budget
  readonly #assembly = new Assembly()
  #isAlive = true
  #isClosed = false
  #isDraining = false
  #isGathering = false

  constructor(ws: WebSocket, session: Session, options: ConnectionOptions) {
    this.#ws = ws
    this.session = session
    this.#options = options
    const { now } = options.environment.clock
    this.#frames = new Budget(now, frameAllowance)
    this.#textFrames = new Budget(now, textFrameAllowance)
    this.#textBytes = new Budget(now, textByteAllowance)
    ws.on('message', (data, isBinary) => this.#receive(isBinary && Buffer.isBuffer(data) ? new Uint8Array(data) : null))
    ws.on('pong', () => (this.#isAlive = true))
    ws.on('close', () => this.#leaveAll())
    // what follows is always `close`
    ws.on('error', () => {})
  }

  /** Channels being opened. */
  get openings(): Opening[] {
    return [...this.#channels.values()].filter(({ seat }) => !seat)
  }

  /** Open channels. */
  get seats(): Seat[] {
    return [...this.#channels.values()].flatMap(({ seat }) => seat ?? [])
  }

  /** Closes every channel and the socket. */
  close(code: CloseCode, reason: string): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#options.environment.onClosed?.(code)
    for (const seat of this.seats) seat.close(code, reason)
    this.#leaveAll()
    this.#ws.close(code, reason)
    // whoever does not read does not answer a close either
    this.#options.environment.clock.after(1_000, () => this.#ws.terminate()).unref()
  }

  /** Takes nothing more from the client. Resolves when the socket is closed, which it does not do by itself. */
  drain(): Promise<void> {
    this.#isDraining = true
    return new Promise((resolve) => this.#ws.once('close', () => resolve()))
  }

  /** Ends a socket that was silent since the last time, and asks again. */
  checkAlive(): void {
    if (!this.#isAlive) return this.#ws.terminate()
    this.#isAlive = false
    this.#ws.ping()
  }

  #leaveAll(): void {
    this.#isClosed = true
    for (const channel of [...this.#channels.values()]) {
      channel.isGone = true
      channel.seat?.leave()
    }
    this.#channels.clear()
  }

  #receive(bytes: Uint8Array<ArrayBuffer> | null): void {
    // the answer to a ping waits behind a large text on a slow line
    this.#isAlive = true
    if (this.#isClosed || this.#isDraining) return
    const frame = bytes && decodeFrame(bytes)
    if (!frame) return this.close(close.malformed, 'malformed')
    if (!this.#mayTake(frame.kind, frame.payload)) return this.close(close.excess, 'too many frames')
    const assembled = this.#assembly.take(frame)
    if (assembled.state === 'interrupted') return this.close(close.malformed, 'malformed')
    if (assembled.state === 'waiting') return
    const channel = this.#channels.get(frame.channel)
    if (assembled.state === 'tooLarge') return channel?.seat?.refuse(close.excess, 'too large')
    if (frame.kind === kind.open) void this.#open(frame.channel, frame.payload)
    else if (frame.kind === kind.data) this.#hear(channel?.seat, assembled.message)
    else if (frame.kind === kind.close && channel) {
      channel.isGone = true
      this.#channels.delete(frame.channel)
      channel.seat?.leave()
    }
  }

  /** Text is what the line is for: whoever pastes or comes back may send a lot of it at once. */
  #mayTake(frameKind: Kind, payload: Uint8Array): boolean {
    if (frameKind === kind.close) return true
    const isText = frameKind === kind.part || (frameKind === kind.data && isUpdate(payload))
    return isText ? this.#textFrames.spend() && this.#textBytes.spend(payload.length) : this.#frames.spend()
  }

  #hear(seat: Seat | null | undefined, payload: Uint8Array): void {
    try {
      seat?.receive(payload)
    } catch (error) {
      this.#options.environment.log.error({ err: error, note: seat?.room.note }, 'a message could not be handled')
      seat?.close(close.again, 'not available')
    }
  }

  async #open(number: number, payload: Uint8Array): Promise<void> {
    const asked = decodeOpen(payload)
    if (!asked || this.#channels.has(number)) return this.#refuse(number, close.malformed, 'malformed')
    if (this.#channels.size >= maxChannels) return this.#refuse(number, close.excess, 'too many channels')
    const channel: Opening & { seat: Seat | null } = { asked, isStale: false, isGone: false, seat: null }
    this.#channels.set(number, channel)
    const { environment, registry } = this.#options
    try {
      const refused = await openChannel(environment, registry, this.session.actor, channel, (place) => this.#seat(number, channel, place))
      if (refused) this.#end(number, channel, refused.code, refused.reason)
    } catch (error) {
      environment.log.error({ err: error, officeId: this.session.actor.officeId, note: asked.note }, 'a note could not be opened')
      this.#end(number, channel, close.again, 'not available')
    }
  }

  #seat(number: number, channel: Opening & { seat: Seat | null }, place: Place): void {
    const { environment, registry } = this.#options
    const line = {
      send: (frameKind: Kind, payload: Uint8Array) => this.#send(number, frameKind, payload),
      close: (code: CloseCode, reason: string) => this.#refuse(number, code, reason),
      left: () => {
        if (this.#channels.get(number) === channel) this.#channels.delete(number)
        registry.release(place.room)
      },
    }
    channel.seat = new Seat(line, environment.clock, { ...place, clientId: channel.asked.clientId })
    channel.seat.take()
  }

  #end(number: number, channel: Opening, code: CloseCode, reason: string): void {
    if (channel.isGone) return
    this.#channels.delete(number)
    this.#refuse(number, code, reason)
  }

  #refuse(number: number, code: CloseCode, reason: string): void {
    this.#options.environment.onClosed?.(code)
    this.#send(number, kind.close, encodeClose(code, reason))
  }

  #send(number: number, frameKind: Kind, payload: Uint8Array): void {
    if (this.#ws.readyState !== this.#ws.OPEN) return
    this.#gather()
    this.#ws.send(encodeFrame(number, frameKind, payload))
  }

  /** What goes out in this turn goes out in one write; a line on which too much waits after that does not read. */
  #gather(): void {
    if (this.#isGathering) return
    this.#isGathering = true
    const { line, maxUnsentBytes } = this.#options
    line?.cork()
    process.nextTick(() => {
      this.#isGathering = false
      line?.uncork()
      if (this.#ws.bufferedAmount > maxUnsentBytes) this.close(close.again, 'does not read')
    })
  }
}
