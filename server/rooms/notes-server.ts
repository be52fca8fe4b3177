import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { maxFrameBytes } from '#shared/contracts/notes-wire.ts'
import type { Session } from './connection.ts'
import { Hall, type HallOptions } from './hall.ts'

export interface NotesServerOptions extends HallOptions {
  /** Who a request comes from; null: nobody signed in. */
  authenticate: (headers: Headers) => Promise<Session | null>
}

/** The notes' door: live text over `/notes`, and the right to it. */
export interface NotesServer extends Pick<
  Hall,
  | 'grant'
  | 'grantComments'
  | 'accessChanged'
  | 'rebuild'
  | 'erase'
  | 'heard'
  | 'heardCaret'
  | 'heardNothing'
  | 'lookAround'
  | 'sessionEnded'
  | 'warmUp'
  | 'drain'
  | 'figures'
  | 'versions'
  | 'readForSearches'
> {
  /** Takes an upgrade request to `/notes` whose path and `Origin` were checked. Never throws. Without a session: closed with 4401. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
}

export function createNotesServer(options: NotesServerOptions): NotesServer {
  const hall = new Hall(options)
  // above the limit of a message: one too long closes its channel, not the whole socket
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 4 * maxFrameBytes })
  return {
    handleUpgrade(request, socket, head) {
      const give = (session: Session | null | 'failed') =>
        sockets.handleUpgrade(request, socket, head, (ws) => hall.attach(ws, session, socket))
      socket.on('error', () => socket.destroy())
      options.authenticate(headersOf(request)).then(give, (error: unknown) => {
        options.log.error({ err: error }, 'a notes socket could not be authenticated')
        give('failed')
      })
    },
    grant: (...asked) => hall.grant(...asked),
    grantComments: (...asked) => hall.grantComments(...asked),
    accessChanged: (...asked) => hall.accessChanged(...asked),
    rebuild: (...asked) => hall.rebuild(...asked),
    erase: (...asked) => hall.erase(...asked),
    heard: (...told) => hall.heard(...told),
    heardCaret: (...told) => hall.heardCaret(...told),
    heardNothing: () => hall.heardNothing(),
    lookAround: () => hall.lookAround(),
    sessionEnded: (sessionKey) => hall.sessionEnded(sessionKey),
    readForSearches: (officeId) => hall.readForSearches(officeId),
    warmUp: () => hall.warmUp(),
    drain: () => hall.drain(),
    get versions() {
      return hall.versions
    },
    get figures() {
      return hall.figures
    },
  }
}

function headersOf({ headers }: IncomingMessage): Headers {
  const all = new Headers()
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) all.set(name, Array.isArray(value) ? value.join(', ') : value)
  return all
}
