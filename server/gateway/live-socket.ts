import type { Server, Socket } from 'socket.io'
import type { ClientToServer, ServerToClient } from '#shared/contracts/socket.ts'
import type { Actor } from '#shared/domain/access.ts'

/** What a socket is to the server once it is authenticated. */
export interface Seat {
  actor: Actor
  sessionKey: string
}
export type LiveSocket = Socket<ClientToServer, ServerToClient, Record<string, never>, Seat>
export type LiveServer = Server<ClientToServer, ServerToClient, Record<string, never>, Seat>
