import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { type WebSocket, WebSocketServer } from 'ws'
import * as awareness from 'y-protocols/awareness'
import * as sync from 'y-protocols/sync'
import * as Y from 'yjs'
import { serveBenchmark } from './watch.ts'

/** The peer for keystrokes: a y-websocket server as its authors write it. One document a path, in memory only; nobody signs in. */
const messageSync = 0
const messageAwareness = 1
const rooms = new Map<string, Room>()

interface Room {
  doc: Y.Doc
  people: awareness.Awareness
  sockets: Set<WebSocket>
}

function roomOf(path: string): Room {
  const known = rooms.get(path)
  if (known) return known
  const doc = new Y.Doc()
  const room: Room = { doc, people: new awareness.Awareness(doc), sockets: new Set() }
  const toAll = (message: Uint8Array) => {
    for (const socket of room.sockets) socket.send(message)
  }
  doc.on('update', (update: Uint8Array) => toAll(syncMessage((encoder) => sync.writeUpdate(encoder, update))))
  room.people.on('update', ({ added, updated, removed }: Record<'added' | 'updated' | 'removed', number[]>) =>
    toAll(awarenessMessage(room, [...added, ...updated, ...removed])),
  )
  rooms.set(path, room)
  return room
}

function syncMessage(write: (encoder: encoding.Encoder) => void): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, messageSync)
    write(encoder)
  })
}

function awarenessMessage(room: Room, clients: number[]): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, messageAwareness)
    encoding.writeVarUint8Array(encoder, awareness.encodeAwarenessUpdate(room.people, clients))
  })
}

function receive(room: Room, socket: WebSocket, message: Uint8Array): void {
  const decoder = decoding.createDecoder(message)
  if (decoding.readVarUint(decoder) === messageAwareness) {
    return awareness.applyAwarenessUpdate(room.people, decoding.readVarUint8Array(decoder), socket)
  }
  const answer = encoding.createEncoder()
  encoding.writeVarUint(answer, messageSync)
  sync.readSyncMessage(decoder, answer, room.doc, socket)
  if (encoding.length(answer) > 1) socket.send(encoding.toUint8Array(answer))
}

const http = createServer()
const sockets = new WebSocketServer({ server: http })
sockets.on('connection', (socket, request) => {
  const room = roomOf(request.url ?? '/')
  socket.binaryType = 'arraybuffer'
  room.sockets.add(socket)
  socket.on('message', (message: ArrayBuffer) => receive(room, socket, new Uint8Array(message)))
  socket.on('close', () => room.sockets.delete(socket))
  socket.send(syncMessage((encoder) => sync.writeSyncStep1(encoder, room.doc)))
})
http.listen(0, '127.0.0.1', () => serveBenchmark((http.address() as AddressInfo).port, async () => http.closeAllConnections()))
