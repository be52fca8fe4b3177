import type { Server as HttpServer } from 'node:http'
import { Server } from 'socket.io'
import type { Answer } from '#shared/contracts/commands.ts'
import { Envelope } from '#shared/contracts/commands.ts'
import type { OfficeEvent } from '#shared/contracts/events.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { longestComeBackMs, Since, Whereabouts } from '#shared/contracts/socket.ts'
import type { Authenticate } from '../auth/door.ts'
import type { CommandQueue } from '../commands/queue.ts'
import { invalid } from '../commands/invalid.ts'
import type { Log } from '../log.ts'
import type { Offices } from '../queries/offices.ts'
import type { Store } from '../store/store.ts'
import type { LiveServer, LiveSocket } from './live-socket.ts'
import type { PeopleAbroad } from './people-abroad.ts'
import { Publisher, signOut } from './publisher.ts'
import { TokenBucket } from './token-bucket.ts'
import type { Visits } from './visits.ts'

/** Commands a socket may have waiting at once; more are a fault or an attack. */
const mostWaiting = 1_000

export interface GatewayOptions {
  http: HttpServer
  store: Store
  offices: Offices
  queue: CommandQueue
  authenticate: Authenticate
  hasEnded: (sessionKey: string) => boolean
  isAllowedOrigin: (origin: string | undefined) => boolean
  /** Are new sockets taken: not during start and stop. */
  isReady: () => boolean
  log: Log
  random: () => number
  visits: Visits
  abroad: PeopleAbroad
}

/** The Socket.io door: authenticate, parse, dispatch, acknowledge, publish. */
export class Gateway {
  #io: LiveServer
  #publisher: Publisher
  #options: GatewayOptions
  #takesCommands = true

  constructor(options: GatewayOptions) {
    this.#options = options
    this.#io = new Server(options.http, {
      serveClient: false,
      // other paths have their own upgrade listener
      destroyUpgrade: false,
      transports: ['websocket'],
      // room for a selection of 10,000 ids
      maxHttpBufferSize: 1024 * 1024,
      allowRequest: (request, decide) => decide(null, options.isReady() && options.isAllowedOrigin(request.headers.origin)),
    })
    this.#publisher = new Publisher({ ...options, io: this.#io })
    this.#io.use((socket, next) => {
      options.authenticate(new Headers(headersOf(socket))).then(
        (seat) => {
          if (!seat) return next(new Error('unauthorized'))
          socket.data = seat
          next()
        },
        (error: unknown) => {
          options.log.error({ err: error }, 'a socket could not be authenticated')
          next(new Error('unavailable'))
        },
      )
    })
    this.#io.on('connection', (socket) => this.#welcome(socket))
  }

  /** Called after each commit: everything that changed goes out to those who may see it. */
  publish(officeId: Id, events: readonly OfficeEvent[]): void {
    this.#publisher.publish(officeId, events)
  }

  /** Others than before are on a dossier on other nodes. */
  heardPeople(officeId: Id, dossierId: Id): void {
    this.#publisher.heardPeople(officeId, dossierId)
  }

  /** Sends everybody of this session back to the sign-in. */
  sessionEnded(sessionKey: string): void {
    for (const socket of this.#io.sockets.sockets.values()) {
      if (socket.data.sessionKey === sessionKey) signOut(socket)
    }
  }

  /** How many sockets are open. */
  get size(): number {
    return this.#io.sockets.sockets.size
  }

  /** From now on commands are left without an answer: screens repeat them under the same id where they come back to. */
  takeNoMore(): void {
    this.#takesCommands = false
  }

  /** The server stops: everybody comes back after a random pause of up to 5 s. */
  async close(): Promise<void> {
    await this.#publisher.settled()
    const { random } = this.#options
    for (const socket of this.#io.sockets.sockets.values()) socket.emit('comeBack', Math.floor(random() * longestComeBackMs))
    this.#io.disconnectSockets(true)
    this.#io.engine.close()
  }

  #welcome(socket: LiveSocket): void {
    // between its handshake and here the session may have been ended
    if (this.#options.hasEnded(socket.data.sessionKey)) return signOut(socket)
    const bucket = new TokenBucket(mostWaiting * 2, 500, performance.now())
    socket.use((_, next) => (bucket.take(performance.now()) ? next() : void socket.disconnect(true)))
    let waiting = 0
    socket.on('command', (body, answer) => {
      if (typeof answer !== 'function' || !this.#takesCommands) return
      if (waiting >= mostWaiting) return void socket.disconnect(true)
      waiting++
      void this.#command(socket, body, answer).finally(() => waiting--)
    })
    socket.on('catchUp', (since, answer) => {
      if (typeof answer !== 'function') return
      const parsed = Since.safeParse(since)
      // a number that is none is as good as one from before everything
      this.#publisher.admit(socket, parsed.success ? parsed.data : 0, answer)
    })
    socket.on('whereabouts', (at) => {
      const parsed = Whereabouts.safeParse(at)
      if (parsed.success) this.#publisher.whereabouts(socket, parsed.data)
    })
    socket.on('disconnect', () => this.#publisher.left(socket))
  }

  async #command(socket: LiveSocket, body: unknown, answer: (answer: Answer) => void): Promise<void> {
    const parsed = Envelope.safeParse(body)
    if (!parsed.success) return answer({ ok: false, refusal: invalid(parsed.error) })
    const { officeId, memberId } = socket.data.actor
    try {
      answer(await this.#options.queue.dispatch(officeId, memberId, parsed.data))
    } catch (error) {
      // no answer: it may have happened, so the screen repeats it under the same id
      this.#options.log.error({ err: error, type: parsed.data.command.type }, 'a command could not be committed')
    }
  }
}

function headersOf(socket: LiveSocket): Record<string, string> {
  const { cookie = '', host = '' } = socket.handshake.headers
  return { cookie, host }
}
