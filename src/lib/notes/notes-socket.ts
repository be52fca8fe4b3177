import { decodeClose, decodeCount, decodeFrame, encodeFrame } from '#shared/contracts/notes-frame.ts'
import { access, type Access, close, kind, type Kind } from '#shared/contracts/notes-wire.ts'
import { longestComeBackMs } from '#shared/contracts/socket.ts'

/** What the notes need of a WebSocket. (`never`: each implementation has event types of its own.) */
export interface RawSocket {
  binaryType: string
  readonly readyState: number
  onopen: ((event: never) => void) | null
  onmessage: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
  onerror: ((event: never) => void) | null
  send(bytes: Uint8Array<ArrayBuffer>): void
  close(): void
}

/** One channel's end in this tab. */
export interface ChannelEnd {
  /** Payload of the frame that opens it. */
  readonly openPayload: Uint8Array
  opened(as: Access): void
  received(message: Uint8Array<ArrayBuffer>): void
  saved(frames: number): void
  /** The kept states of the text are others now. */
  versions?(): void
  closed(code: number, reason: string): void
}

export interface NotesSocketOptions {
  /** The address of `/notes`; asked at each connection. */
  url: () => string
  connect?: (url: string) => RawSocket
  /** Where the browser tells that the network went away (`offline`). */
  network?: Pick<EventTarget, 'addEventListener'> | null
  /** A line that is silent for so long is taken for dead, in milliseconds. The server says something every 15 s. */
  silentMs?: number
  /** How long the line stays open without channels, in milliseconds. */
  idleMs?: number
}

const isOpen = 1
/** What a WebSocket says when its line is cut without a word. */
const cutOff = 1006

/**
 * The tab's one line to `/notes`, with a numbered channel for each open note. It opens with the first channel, and every channel is
 * closed when it is cut; to come back is up to the channels' owners (y-websocket does, with growing pauses).
 */
export class NotesSocket {
  readonly #options: Required<NotesSocketOptions>
  readonly #channels = new Map<number, ChannelEnd>()
  #raw: RawSocket | null = null
  #nextNumber = 1
  #heardAt = 0
  #watch: ReturnType<typeof setInterval> | undefined
  #idleTimer: ReturnType<typeof setTimeout> | undefined
  /** Running while a stopping server asked for a pause: channels that are added meanwhile wait for its end. */
  #pause: ReturnType<typeof setTimeout> | undefined

  constructor(options: NotesSocketOptions) {
    this.#options = {
      connect: (url) => new WebSocket(url),
      network: typeof window === 'undefined' ? null : window,
      silentMs: 20_000,
      idleMs: 5_000,
      ...options,
    }
    this.#options.network?.addEventListener('offline', () => this.drop())
  }

  /** Adds a channel, which is `opened` or `closed` some time later. Returns its number. */
  add(channel: ChannelEnd): number {
    const number = this.#nextNumber++
    this.#channels.set(number, channel)
    clearTimeout(this.#idleTimer)
    if (!this.#pause) this.#raw ??= this.#connect()
    if (this.#raw?.readyState === isOpen) this.send(number, kind.open, channel.openPayload)
    return number
  }

  /** Sends a frame; dropped where the line is not open, for then the channel is closed anyway. */
  send(channel: number, frameKind: Kind, payload: Uint8Array): void {
    if (this.#raw?.readyState === isOpen) this.#raw.send(encodeFrame(channel, frameKind, payload))
  }

  /** The owner does not need this channel any more. */
  remove(number: number): void {
    if (!this.#channels.delete(number)) return
    this.send(number, kind.close, new Uint8Array())
    if (this.#channels.size > 0) return
    this.#idleTimer = setTimeout(() => this.drop(), this.#options.idleMs)
  }

  /** Cuts the line: every channel is closed as if the network had gone. */
  drop(): void {
    const raw = this.#raw
    if (!raw) return
    raw.onopen = raw.onmessage = raw.onclose = null
    // closing while it connects is reported as an error, which Node throws where nobody listens
    raw.onerror = () => {}
    raw.close()
    this.#lost(cutOff, '')
  }

  #connect(): RawSocket {
    const raw = this.#options.connect(this.#options.url())
    raw.binaryType = 'arraybuffer'
    raw.onopen = () => {
      this.#heardAt = Date.now()
      for (const [number, channel] of this.#channels) this.send(number, kind.open, channel.openPayload)
    }
    raw.onmessage = ({ data }: { data: unknown }) => {
      this.#heardAt = Date.now()
      if (data instanceof ArrayBuffer) this.#receive(new Uint8Array(data))
    }
    raw.onclose = ({ code, reason }: { code: number; reason: string }) => {
      if (code === close.stopping) this.#wait(Number(reason))
      this.#lost(code, reason)
    }
    // what follows is always `close`
    raw.onerror = () => {}
    this.#heardAt = Date.now()
    this.#watch = setInterval(() => this.#dropSilent(), this.#options.silentMs / 4)
    return raw
  }

  /** The server stops, and says after how many milliseconds to come back. */
  #wait(ms: number): void {
    this.#pause = setTimeout(
      () => {
        this.#pause = undefined
        if (this.#channels.size > 0) this.#raw ??= this.#connect()
      },
      Math.min(ms || 0, longestComeBackMs),
    )
  }

  /** A half-open line takes minutes to be noticed by the system. */
  #dropSilent(): void {
    if (this.#channels.size > 0 && Date.now() - this.#heardAt > this.#options.silentMs) this.drop()
  }

  #lost(code: number, reason: string): void {
    clearInterval(this.#watch)
    clearTimeout(this.#idleTimer)
    this.#raw = null
    const channels = [...this.#channels.values()]
    this.#channels.clear()
    for (const channel of channels) channel.closed(code, reason)
  }

  #receive(bytes: Uint8Array<ArrayBuffer>): void {
    const frame = decodeFrame(bytes)
    const channel = frame && this.#channels.get(frame.channel)
    if (!channel) return
    if (frame.kind === kind.open) channel.opened(accessOf(frame.payload))
    else if (frame.kind === kind.data) channel.received(frame.payload)
    else if (frame.kind === kind.saved) channel.saved(decodeCount(frame.payload))
    else if (frame.kind === kind.versions) channel.versions?.()
    else if (frame.kind === kind.close) this.#closed(frame.channel, channel, frame.payload)
  }

  #closed(number: number, channel: ChannelEnd, payload: Uint8Array): void {
    this.#channels.delete(number)
    if (this.#channels.size === 0) this.#idleTimer = setTimeout(() => this.drop(), this.#options.idleMs)
    const { code, reason } = payload.length > 0 ? decodeClose(payload) : { code: close.again, reason: '' }
    channel.closed(code, reason)
  }
}

/** What the server does not say, one may not. */
function accessOf([said]: Uint8Array): Access {
  return said === access.write || said === access.outdated ? said : access.read
}
