import { EventEmitter } from 'node:events'
import type { WebSocket } from 'ws'
import type { RawSocket } from '../../../src/lib/notes/notes-socket.ts'
import type { Random } from './random.ts'

type State = 0 | 1 | 2 | 3
const open = 1
const closed = 3
const cutOff = 1006

/** The browser's end. */
class BrowserEnd implements RawSocket {
  binaryType = 'arraybuffer'
  readyState: State = 0
  onopen: ((event: never) => void) | null = null
  onmessage: ((event: never) => void) | null = null
  onclose: ((event: never) => void) | null = null
  onerror: ((event: never) => void) | null = null
  readonly #line: Line

  constructor(line: Line) {
    this.#line = line
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    this.#line.carry('up', bytes)
  }

  close(): void {
    this.readyState = closed
    this.#line.hangUp('up', cutOff, '')
  }

  tell(event: 'onopen' | 'onmessage' | 'onclose', what: unknown): void {
    ;(this[event] as ((event: unknown) => void) | null)?.(what)
  }
}

/** The server's end: what a `Connection` uses of a `WebSocket`. */
class ServerEnd extends EventEmitter {
  readonly OPEN = open
  readonly bufferedAmount = 0
  readyState: State = open
  readonly #line: Line

  constructor(line: Line) {
    super()
    this.#line = line
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    this.#line.carry('down', bytes)
  }

  close(code: number, reason = ''): void {
    this.#line.hangUp('down', code, reason)
  }

  terminate(): void {
    this.#line.hangUp('down', cutOff, '')
  }

  ping(): void {
    // a live line answers
    if (!this.#line.isCut) this.emit('pong')
  }
}

/** One line between a browser and a server. What is on its way arrives in order, some time later, or not at all where it is cut. */
export class Line {
  readonly browser = new BrowserEnd(this)
  readonly #server = new ServerEnd(this)
  readonly #random: Random
  readonly #dueAt = { up: 0, down: 0 }
  /** Hears what the browser sends. */
  onSent: (bytes: Uint8Array<ArrayBuffer>) => void = () => {}
  isCut = false

  constructor(random: Random) {
    this.#random = random
  }

  /** Reaches the server, or nobody (null). */
  connect(attach: ((ws: WebSocket) => void) | null): void {
    this.#later('up', () => {
      if (!attach) return this.cut()
      attach(this.#server as unknown as WebSocket)
      this.#later('down', () => {
        this.browser.readyState = open
        this.browser.tell('onopen', {})
      })
    })
  }

  carry(way: 'up' | 'down', bytes: Uint8Array<ArrayBuffer>): void {
    const copy = bytes.slice()
    if (way === 'up') this.onSent(copy)
    this.#later(way, () => {
      if (way === 'up') this.#server.emit('message', Buffer.from(copy.buffer), true)
      else if (this.browser.readyState === open) this.browser.tell('onmessage', { data: copy.buffer })
    })
  }

  /** One end closes in order: what it sent before arrives first. */
  hangUp(from: 'up' | 'down', code: number, reason: string): void {
    if (from === 'down') this.#server.readyState = 2
    this.#later(from, () => this.#end(code, reason))
    if (from === 'up') this.#endServer()
  }

  /** Without a word: what is on its way is lost. Each end notices at its own time. */
  cut(): void {
    if (this.isCut) return
    this.isCut = true
    setTimeout(() => this.#endBrowser(cutOff, ''), this.#random.int(40))
    setTimeout(() => this.#endServer(), this.#random.chance(0.3) ? 5_000 : this.#random.int(60))
  }

  #end(code: number, reason: string): void {
    this.isCut = true
    this.#endBrowser(code, reason)
    this.#endServer()
  }

  #endBrowser(code: number, reason: string): void {
    if (this.browser.readyState === closed) return
    this.browser.readyState = closed
    this.browser.tell('onclose', { code, reason })
  }

  #endServer(): void {
    if (this.#server.readyState === closed) return
    this.#server.readyState = closed
    this.#server.emit('close')
  }

  #later(way: 'up' | 'down', what: () => void): void {
    const at = Math.max(this.#dueAt[way], Date.now() + this.#random.int(8))
    this.#dueAt[way] = at
    setTimeout(() => {
      if (!this.isCut) what()
    }, at - Date.now())
  }
}
