import { io, type ManagerOptions, type Socket } from 'socket.io-client'
import type { Answer, Envelope } from '#shared/contracts/commands.ts'
import type { ClientToServer, ServerToClient, Whereabouts } from '#shared/contracts/socket.ts'
import type { CatchUp, Delivery } from '#shared/contracts/workspace.ts'
import type { Presence } from '#shared/contracts/socket.ts'

/** What the connection tells the rest of the screen. */
export interface ConnectionHandlers {
  connected: () => void
  delivery: (delivery: Delivery) => void
  presence: (changes: Presence[]) => void
  signedOut: () => void
}

const answerTimeoutMs = 6_000
/** An answer that takes longer is late: the server is there, and cannot store just now. */
const lateMs = 2_500
/** So long after it sent everybody away a server is expected back: then it counts as lost. */
const renewalMs = 20_000

/** The tab's one line to the server: connects, comes back by itself, and repeats what was not answered. */
export class Connection {
  /** `connecting` until the first connection, `lost` after one broke; `renewing`: the server stopped in order, and is expected back. */
  state: 'connecting' | 'connected' | 'lost' | 'renewing' = $state('connecting')
  /** Commands sent or waiting to be sent whose answer is not there yet. */
  waiting = $state(0)
  /** Those among them that wait for long. */
  late = $state(0)
  #socket: Socket<ServerToClient, ClientToServer>
  #renewal: ReturnType<typeof setTimeout> | undefined

  /** @param options of the line, where this is no browser */
  constructor(handlers: ConnectionHandlers, options: Partial<ManagerOptions> = {}) {
    const pauses = { reconnectionDelay: 500, reconnectionDelayMax: 5_000, randomizationFactor: 0.9 }
    this.#socket = io({ transports: ['websocket'], ...pauses, ...options })
    this.#socket.on('connect', () => {
      clearTimeout(this.#renewal)
      this.state = 'connected'
      handlers.connected()
    })
    this.#socket.on('disconnect', (reason) => {
      this.state = 'lost'
      // the server's own disconnect is the one case socket.io does not come back from by itself
      if (reason === 'io server disconnect') this.#comeBack(Math.random() * 1_000)
    })
    this.#socket.on('connect_error', (error) => {
      if (error.message === 'unauthorized') return handlers.signedOut()
      if (this.state === 'connected') this.state = 'lost'
      // a refused handshake (not a broken line) is not retried by socket.io either
      if (!this.#socket.active) this.#comeBack(1_000 + Math.random() * 4_000)
    })
    this.#socket.on('delivery', handlers.delivery)
    this.#socket.on('presence', handlers.presence)
    this.#socket.on('signedOut', handlers.signedOut)
    this.#socket.on('comeBack', (afterMs) => {
      this.#socket.disconnect()
      this.state = 'renewing'
      this.#renewal = setTimeout(() => this.state === 'renewing' && (this.state = 'lost'), renewalMs)
      this.#comeBack(afterMs)
    })
    addEventListener('online', this.#online)
  }

  /** Sends a command until it is answered: a repetition has the same id and gets the first answer. */
  async send(envelope: Envelope): Promise<Answer> {
    this.waiting++
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      this.late++
    }, lateMs)
    try {
      for (;;) {
        await this.#untilConnected()
        try {
          return await this.#socket.timeout(answerTimeoutMs).emitWithAck('command', envelope)
        } catch {
          // no answer in time, or the line broke: ask again
        }
      }
    } finally {
      clearTimeout(timer)
      this.waiting--
      if (isLate) this.late--
    }
  }

  /** What follows this number of the log; throws when the line breaks meanwhile. */
  catchUp(since: number): Promise<CatchUp> {
    return this.#socket.timeout(answerTimeoutMs * 5).emitWithAck('catchUp', since)
  }

  whereabouts(at: Whereabouts): void {
    if (this.#socket.connected) this.#socket.emit('whereabouts', at)
  }

  close(): void {
    removeEventListener('online', this.#online)
    clearTimeout(this.#renewal)
    this.#socket.disconnect()
  }

  #untilConnected(): Promise<void> {
    if (this.#socket.connected) return Promise.resolve()
    return new Promise((resolve) => this.#socket.once('connect', () => resolve()))
  }

  #comeBack(afterMs: number): void {
    setTimeout(() => this.#socket.connect(), afterMs)
  }

  #online = (): void => {
    if (!this.#socket.connected) this.#socket.disconnect().connect()
  }
}
