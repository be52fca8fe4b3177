import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import type { Id } from '#shared/contracts/ids.ts'
import { close, maxFrameBytes, type NoteGrant } from '#shared/contracts/notes-wire.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import type { Actor } from '#shared/domain/access.ts'
import { judgeOpenChannels } from './access-changed.ts'
import { Connection, type Session } from './connection.ts'
import type { Environment } from './environment.ts'
import { grantNote } from './grant.ts'
import { rebuildNote } from './rebuild.ts'
import { Registry } from './registry.ts'

export interface NotesServerOptions extends Environment {
  /** Who a request comes from; null: nobody signed in. */
  authenticate: (headers: Headers) => Promise<Session | null>
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
}

/** The notes' door: live text over `/notes`, and the right to it. */
export interface NotesServer {
  /** Takes an upgrade request to `/notes` whose path and `Origin` were checked. Never throws. Without a session: closed with 4401. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** For a member who wants to open a dossier's note. Throws where the store fails. */
  grant(actor: Actor, dossierId: Id): Promise<NoteGrant | Refusal>
  /** After a commit that changed who may see or write these (`'all'`: a member's reach changed). Never rejects. */
  accessChanged(officeId: Id, dossierIds: readonly Id[] | 'all'): Promise<void>
  /** Puts another text, one V1 update, in the place of a note; see `rebuildNote`. */
  rebuild(officeId: Id, note: Id, text: Uint8Array): Promise<'done' | 'raced'>
  /** Closes the sockets of a session that was ended. */
  sessionEnded(sessionKey: string): void
  /** The stop: takes nothing new, stores what it has, and tells every channel to come back. */
  drain(): Promise<void>
}

export function createNotesServer(options: NotesServerOptions): NotesServer {
  const { flushMs = 2, idleMs = 10_000, restMs = 20_000, keepAliveMs = 10_000, maxUnsentBytes = 16 * 1024 * 1024 } = options
  const registry = new Registry(options, { flushMs, idleMs })
  const connections = new Set<Connection>()
  // above the limit of a message: one too long closes its channel, not the whole socket
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 4 * maxFrameBytes })
  let isDraining = false

  const attach = (ws: WebSocket, session: Session | null | 'failed') => {
    if (session === 'failed' || isDraining) return closeAlone(ws, close.again)
    if (!session) return closeAlone(ws, close.noRight)
    const connection = new Connection(ws, session, { environment: options, registry, maxUnsentBytes })
    connections.add(connection)
    ws.once('close', () => connections.delete(connection))
  }
  const keepAlive = setInterval(() => {
    for (const { seats } of connections) for (const seat of seats) seat.keepAlive(keepAliveMs)
  }, keepAliveMs / 2)
  const checkAlive = setInterval(() => connections.forEach((connection) => connection.checkAlive()), 20_000)
  const rest = setInterval(() => registry.rest(restMs), Math.max(10, restMs / 2))
  rest.unref()
  keepAlive.unref()
  checkAlive.unref()

  return {
    handleUpgrade(request, socket, head) {
      const give = (session: Session | null | 'failed') =>
        sockets.handleUpgrade(request, socket, head, (ws) => {
          attach(ws, session)
        })
      socket.on('error', () => socket.destroy())
      options.authenticate(headersOf(request)).then(give, (error: unknown) => {
        options.log.error({ err: error }, 'a notes socket could not be authenticated')
        give('failed')
      })
    },
    grant: (actor, dossierId) => grantNote(options, registry, actor, dossierId),
    accessChanged: (officeId, dossierIds) => judgeOpenChannels(options, connections, officeId, dossierIds),
    rebuild: (officeId, note, text) => rebuildNote(options, registry, { officeId, note }, text),
    sessionEnded(sessionKey) {
      for (const connection of connections) if (connection.session.sessionKey === sessionKey) connection.close(close.noRight, 'signed out')
    },
    async drain() {
      isDraining = true
      clearInterval(keepAlive)
      clearInterval(checkAlive)
      const closed = [...connections].map((connection) => connection.drain())
      await registry.settled()
      clearInterval(rest)
      await registry.breakUp()
      for (const connection of connections) connection.close(close.again, 'the server stops')
      await Promise.all(closed)
    },
  }
}

function closeAlone(ws: WebSocket, code: number): void {
  ws.on('error', () => {})
  ws.close(code)
  setTimeout(() => ws.terminate(), 1_000).unref()
}

function headersOf({ headers }: IncomingMessage): Headers {
  const all = new Headers()
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) all.set(name, Array.isArray(value) ? value.join(', ') : value)
  return all
}
