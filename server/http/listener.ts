import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'
import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Config } from '../config.ts'
import type { NotesServer } from '../rooms/notes-server.ts'

/** How long a stop waits for sockets to say farewell, in milliseconds. */
const farewellMs = 1_000

/** The answer to an upgrade while the server starts or stops. */
const notNow = 'HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'

export interface ListenerOptions {
  app: Pick<Hono, 'fetch'>
  notes: Pick<NotesServer, 'handleUpgrade'>
  isAllowedOrigin: (origin: string | undefined) => boolean
  isReady: () => boolean
}

/** The one port: requests go to the app, upgrades of the notes to them; Socket.io takes its own. */
export class Listener {
  readonly http: Server
  readonly #options: ListenerOptions
  readonly #upgraded = new Set<Duplex>()

  constructor(options: ListenerOptions) {
    this.#options = options
    this.http = createAdaptorServer({ fetch: options.app.fetch }) as Server
    // longer than a proxy keeps idle connections, so that none is closed just as it is used again
    this.http.keepAliveTimeout = 65_000
    this.http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head))
  }

  /** Resolves to the port, once it is listened on. */
  async listen({ port, host }: Pick<Config, 'port' | 'host'>): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.http.once('error', reject)
    this.http.listen(port, host, resolve)
    await promise
    this.http.off('error', reject)
    return (this.http.address() as AddressInfo).port
  }

  /** Takes no more, and ends what there is: sockets that say no farewell are cut off. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => void this.http.close(() => resolve()))
    // http does not close upgraded sockets, and one that sleeps answers no farewell
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, farewellMs).unref())])
    for (const socket of this.#upgraded) socket.destroy()
    this.http.closeAllConnections()
    await closed
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { notes, isAllowedOrigin, isReady } = this.#options
    socket.on('error', () => socket.destroy())
    this.#upgraded.add(socket)
    socket.on('close', () => this.#upgraded.delete(socket))
    // not parsed as a URL: what is none must not throw here, where nobody would catch it
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
    // engine.io answers exactly these
    if (path.startsWith('/socket.io/')) return
    const isNotes = path === '/notes' || path.startsWith('/notes/')
    if (isNotes && isReady() && isAllowedOrigin(request.headers.origin)) notes.handleUpgrade(request, socket, head)
    else if (isReady()) socket.destroy()
    else socket.end(notNow, () => socket.destroy())
  }
}
