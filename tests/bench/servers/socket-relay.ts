import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { serveBenchmark } from './watch.ts'

/** The peer for commands: Socket.io alone. No store, no rules, nobody signs in: what one client says, all others hear. */
const http = createServer()
const io = new Server(http, { serveClient: false, transports: ['websocket'] })
io.on('connection', (socket) => {
  socket.on('command', (body: unknown, answer: (answer: unknown) => void) => {
    socket.broadcast.emit('delivery', body)
    answer({ ok: true })
  })
  socket.on('catchUp', (_since: unknown, answer: (answer: unknown) => void) => answer({ kind: 'deliveries', deliveries: [] }))
})
http.listen(0, '127.0.0.1', () => {
  serveBenchmark((http.address() as AddressInfo).port, async () => {
    await io.close()
  })
})
