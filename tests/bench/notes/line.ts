import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'

const opcode = { binary: 2, close: 8, ping: 9, pong: 10 } as const

/**
 * A WebSocket client that does no more than it must: what clients cost must not hide what a server costs. It masks with a key of zeros,
 * sends what is due at once in one write, and hands messages out as views on what came.
 */
export class Line {
  /** Resolves once messages may be sent. Rejects where the server does not take it. */
  readonly opened: Promise<void>
  /** Why the server ended it, once it has. */
  closedWith: number | null = null
  readonly #socket: Socket
  readonly #hear: (message: Uint8Array) => void
  #came: Buffer[] = []
  #cameBytes = 0
  /** So many bytes are needed before there is anything to look at. */
  #needed = 2

  /** Opens a line to this machine. */
  constructor(port: number, path: string, headers: Record<string, string>, hear: (message: Uint8Array) => void) {
    this.#hear = hear
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true })
    const asked = { host: `localhost:${port}`, connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', ...headers }
    const lines = Object.entries({ ...asked, 'sec-websocket-key': randomBytes(16).toString('base64') }).map(([k, v]) => `${k}: ${v}`)
    this.#socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
    this.opened = new Promise((resolve, reject) => {
      this.#socket.on('error', reject)
      this.#socket.once('data', (answer) => {
        // the answer is short, and comes whole
        const end = answer.indexOf('\r\n\r\n')
        if (end < 0 || !answer.toString('latin1').startsWith('HTTP/1.1 101')) return reject(new Error(answer.toString('latin1')))
        this.#socket.on('data', (data) => this.#take(data))
        resolve()
        if (answer.length > end + 4) this.#take(answer.subarray(end + 4))
      })
    })
  }

  /** Sends messages, each in a frame of its own, all in one write. */
  send(...messages: Uint8Array[]): void {
    const framed = Buffer.allocUnsafe(messages.reduce((sum, { length }) => sum + length + headerLength(length), 0))
    let at = 0
    for (const message of messages) {
      at = writeHeader(framed, at, opcode.binary, message.length)
      framed.set(message, at)
      at += message.length
    }
    this.#socket.write(framed)
  }

  close(): void {
    this.#socket.destroy()
  }

  #take(bytes: Buffer): void {
    this.#came.push(bytes)
    this.#cameBytes += bytes.length
    if (this.#cameBytes < this.#needed) return
    const all = this.#came.length === 1 ? bytes : Buffer.concat(this.#came)
    let at = 0
    for (;;) {
      const frame = frameAt(all, at)
      if (frame.end > all.length) {
        this.#needed = frame.end - at
        break
      }
      this.#receive(frame.opcode, all.subarray(frame.start, frame.end))
      at = frame.end
    }
    this.#came = at < all.length ? [all.subarray(at)] : []
    this.#cameBytes = all.length - at
  }

  #receive(kind: number, payload: Buffer): void {
    if (kind === opcode.binary) return this.#hear(payload)
    if (kind === opcode.close) this.closedWith = payload.length >= 2 ? payload.readUInt16BE(0) : 1005
    if (kind !== opcode.ping) return
    const pong = Buffer.alloc(headerLength(payload.length) + payload.length)
    payload.copy(pong, writeHeader(pong, 0, opcode.pong, payload.length))
    this.#socket.write(pong)
  }
}

/** The frame that begins here; where it is not all there, `end` is at least one byte beyond what there is. */
function frameAt(bytes: Buffer, at: number): { opcode: number; start: number; end: number } {
  const [first = 0, second = 0] = [bytes[at], bytes[at + 1]]
  const short = second & 0x7f
  const start = at + (short === 127 ? 10 : short === 126 ? 4 : 2)
  if (start > bytes.length) return { opcode: 0, start, end: start }
  const length = short === 127 ? Number(bytes.readBigUInt64BE(at + 2)) : short === 126 ? bytes.readUInt16BE(at + 2) : short
  return { opcode: first & 0xf, start, end: start + length }
}

/** With the mask's four bytes. */
function headerLength(payload: number): number {
  return payload < 126 ? 6 : payload < 65_536 ? 8 : 14
}

/** Returns where the payload goes. */
function writeHeader(into: Buffer, at: number, kind: number, length: number): number {
  const end = at + headerLength(length)
  into[at] = 0x80 | kind
  if (length < 126) into[at + 1] = 0x80 | length
  else if (length < 65_536) {
    into[at + 1] = 0x80 | 126
    into.writeUInt16BE(length, at + 2)
  } else {
    into[at + 1] = 0x80 | 127
    into.writeBigUInt64BE(BigInt(length), at + 2)
  }
  return into.fill(0, end - 4, end) && end
}
