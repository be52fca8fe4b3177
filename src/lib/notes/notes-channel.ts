import * as decoding from 'lib0/decoding'
import { encodeOpen } from '#shared/contracts/notes-frame.ts'
import { type Access, close, kind, maxFrameBytes, maxMessageBytes, type OpenChannel } from '#shared/contracts/notes-wire.ts'
import type { ChannelEnd, NotesSocket } from './notes-socket.ts'

/** What the owner of a channel hears of it, beside what y-websocket hears. */
export interface ChannelHooks {
  /** Each time the channel opens. */
  opened?: (as: Access) => void
  /** Sync frame number `frame` of this channel was sent; it holds every edit made so far that no earlier one holds. */
  sent?: (frame: number) => void
  /** The first `frames` sync frames of this channel are stored. */
  saved?: (frames: number) => void
  /** The kept states of the text are others now. */
  versions?: () => void
}

/** The two leading numbers of a sync message with text in it: step 2 (the answer to the server's step 1), or an update. */
const sync = 0
const answer = 1
const update = 2
/** So small that on a slow line, too, one comes through between two looks whether it is alive. */
const partBytes = 64 * 1024

/**
 * A class that poses as WebSocket for y-websocket's `WebSocketPolyfill`: each "connection" is a channel of the tab's one socket.
 * After a reconnect y-websocket sends keystrokes before it has answered the server's step 1, which would be a gap: they are dropped
 * here until that answer, which holds them.
 * @param open asked at each connection
 */
export function channelClass(socket: NotesSocket, open: () => OpenChannel, hooks: ChannelHooks = {}): typeof WebSocket {
  return class NotesChannel extends EventTarget implements WebSocket, ChannelEnd {
    static readonly CONNECTING = 0
    static readonly OPEN = 1
    static readonly CLOSING = 2
    static readonly CLOSED = 3
    readonly CONNECTING = 0
    readonly OPEN = 1
    readonly CLOSING = 2
    readonly CLOSED = 3
    readonly url: string
    readonly protocol = ''
    readonly extensions = ''
    readonly bufferedAmount = 0
    binaryType: BinaryType = 'arraybuffer'
    onopen: ((event: Event) => void) | null = null
    onmessage: ((event: MessageEvent) => void) | null = null
    onclose: ((event: CloseEvent) => void) | null = null
    onerror: ((event: Event) => void) | null = null
    readyState: 0 | 1 | 2 | 3 = 0
    readonly openPayload: Uint8Array
    readonly #number: number
    #isAnswered = false
    #sent = 0

    constructor(url: string | URL) {
      super()
      this.url = String(url)
      this.openPayload = encodeOpen(open())
      this.#number = socket.add(this)
    }

    send(data: string | ArrayBufferLike | Blob | ArrayBufferView): void {
      if (this.readyState !== this.OPEN || !(data instanceof Uint8Array)) return
      const decoder = decoding.createDecoder(data)
      const subType = decoding.readVarUint(decoder) === sync ? decoding.readVarUint(decoder) : null
      if (subType === update && !this.#isAnswered) return
      if (data.length > maxMessageBytes) return this.#giveUp()
      this.#isAnswered ||= subType === answer
      this.#sendWhole(data)
      if (subType === answer || subType === update) hooks.sent?.(++this.#sent)
    }

    /**
     * One message in as many frames as it takes: a long time offline, or a large text brought back by undo. It is not made into several
     * updates, since an editor deletes what has come by half, such as a list whose items are still to come.
     */
    #sendWhole(message: Uint8Array): void {
      let from = 0
      if (message.length > maxFrameBytes) {
        for (; from + partBytes < message.length; from += partBytes)
          socket.send(this.#number, kind.part, message.subarray(from, from + partBytes))
      }
      socket.send(this.#number, kind.data, message.subarray(from))
    }

    /** Too much at once: the server would refuse it, now and at every retry. */
    #giveUp(): void {
      socket.remove(this.#number)
      this.closed(close.excess, 'too much at once')
    }

    close(): void {
      if (this.readyState === this.CLOSED) return
      this.readyState = this.CLOSED
      socket.remove(this.#number)
    }

    opened(as: Access): void {
      this.readyState = this.OPEN
      hooks.opened?.(as)
      this.#tell(new Event('open'), this.onopen)
    }

    received(message: Uint8Array<ArrayBuffer>): void {
      this.#tell(new MessageEvent('message', { data: message.slice().buffer }), this.onmessage)
    }

    saved(frames: number): void {
      hooks.saved?.(frames)
    }

    versions(): void {
      hooks.versions?.()
    }

    closed(code: number, reason: string): void {
      if (this.readyState === this.CLOSED) return
      this.readyState = this.CLOSED
      this.#tell(new CloseEvent('close', { code, reason, wasClean: code !== 1006 }), this.onclose)
    }

    #tell<E extends Event>(event: E, listener: ((event: E) => void) | null): void {
      this.dispatchEvent(event)
      listener?.call(this, event)
    }
  }
}
