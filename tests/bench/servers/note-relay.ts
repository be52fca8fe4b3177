import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { serveBenchmark } from './watch.ts'

/** The floor for keystrokes: what one socket says, all others on the same path get. Nothing is read, held or stored. */
const rooms = new Map<string, Set<WebSocket>>()
const http = createServer()
const sockets = new WebSocketServer({ server: http })
sockets.on('connection', (socket, { url = '/' }) => {
  const room = rooms.get(url) ?? new Set()
  rooms.set(url, room.add(socket))
  socket.on('message', (message) => {
    for (const other of room) if (other !== socket) other.send(message)
  })
  socket.on('close', () => room.delete(socket))
})
http.listen(0, '127.0.0.1', () => serveBenchmark((http.address() as AddressInfo).port, async () => http.closeAllConnections()))
