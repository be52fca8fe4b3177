import * as encoding from 'lib0/encoding'
import { WebSocket } from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import type { Id } from '#shared/contracts/ids.ts'
import { encodeOpen } from '#shared/contracts/notes-frame.ts'
import { access, kind, noteField, noteSchema, type OpenChannel } from '#shared/contracts/notes-wire.ts'
import { NoteSession, type NoteSessionOptions, type NoteStatus } from '../../src/lib/notes/note-session.ts'
import { channelClass } from '../../src/lib/notes/notes-channel.ts'
import { NotesSocket, type RawSocket } from '../../src/lib/notes/notes-socket.ts'
import { textFieldOf } from '../harness/text-field.ts'
import type { TestOffice } from './office.ts'

// y-websocket listens for the end of the process once per document
process.setMaxListeners(200)

/** A browser tab of one member: the product's own client code, over `ws` instead of the browser's WebSocket. */
export class Tab {
  readonly socket: NotesSocket
  readonly memberId: Id | null
  readonly #office: TestOffice
  readonly raws: WebSocket[] = []
  readonly #open: { destroy(): void }[] = []

  constructor(office: TestOffice, memberId: Id | null) {
    this.#office = office
    this.memberId = memberId
    this.socket = new NotesSocket({
      url: () => `ws://127.0.0.1:${office.port}/notes`,
      connect: (url) => {
        const raw = new WebSocket(url, { headers: this.headers })
        this.raws.push(raw)
        return raw as unknown as RawSocket
      },
      network: null,
      idleMs: 50,
    })
  }

  get headers(): Record<string, string> {
    return this.memberId ? { cookie: `member=${this.memberId}`, origin: 'http://localhost' } : {}
  }

  /** A note as the product opens it, by its grant. */
  session(note: Id, options: Partial<NoteSessionOptions> = {}): TestSession {
    const session = new TestSession(this, `http://127.0.0.1:${this.#office.port}`, note, options)
    this.#open.push(session)
    return session
  }

  /** A note opened by y-websocket over the product's channel class, resolved when it is synced. */
  async open(note: Id, open: Partial<OpenChannel> = {}): Promise<Writer> {
    const writer = await this.connect(note, open)
    await writer.synced()
    return writer
  }

  /** The same, not waiting for anything. */
  async connect(note: Id, open: Partial<OpenChannel> = {}): Promise<Writer> {
    const { epoch, clientId } = await this.#office.grant(this.memberId ?? '', note)
    return this.writer({ note, epoch, schema: noteSchema, clientId, ...open })
  }

  /** The same, under a grant that is there. */
  writer(open: OpenChannel): Writer {
    const writer = new Writer(this.socket, open)
    this.#open.push(writer)
    return writer
  }

  /** A channel without Yjs behind it, to say anything at all. */
  raw(open: OpenChannel | Uint8Array): RawChannel {
    return new RawChannel(this.socket, open)
  }

  /** Resolves when everything the server sent on this tab's socket before has arrived. */
  async roundTrip(): Promise<void> {
    await this.raw(encoding.encode((encoder) => encoding.writeVarUint(encoder, 0))).closed
  }

  /** Cuts the line, as a network does. */
  cut(): void {
    this.raws.at(-1)?.terminate()
  }

  close(): void {
    for (const opened of this.#open.splice(0)) opened.destroy()
    this.socket.drop()
    this.#office.forget(this)
  }
}

/** Lets a test wait until something is so, looked at after each thing that happens. */
class Watched {
  readonly #looks = new Set<() => void>()

  until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!isSo()) return
        this.#looks.delete(look)
        resolve()
      }
      this.#looks.add(look)
      look()
    })
  }

  protected tell(): void {
    for (const look of [...this.#looks]) look()
  }
}

/** Somebody typing in one note. */
export class Writer extends Watched {
  readonly doc = new Y.Doc()
  readonly provider: WebsocketProvider
  readonly open: OpenChannel
  sent = 0
  saved = 0
  /** Close codes in the order they came, with the reason. */
  readonly closes: { code: number; reason: string }[] = []
  mayWrite: boolean | null = null
  /** How often it was told that the kept states of the note are others. */
  versionsTold = 0

  constructor(socket: NotesSocket, open: OpenChannel) {
    super()
    this.open = open
    this.doc.clientID = open.clientId
    const channel = channelClass(socket, () => open, {
      opened: (as) => {
        this.mayWrite = as === access.write
        this.sent = this.saved = 0
        this.tell()
      },
      sent: (frame) => (this.sent = frame),
      saved: (frames) => {
        this.saved = frames
        this.tell()
      },
      versions: () => {
        this.versionsTold++
        this.tell()
      },
    })
    this.provider = new WebsocketProvider('ws://notes', open.note, this.doc, { WebSocketPolyfill: channel, disableBc: true })
    this.provider.on('connection-close', (event) => {
      if (event) this.closes.push({ code: event.code, reason: event.reason })
      this.tell()
    })
    this.provider.on('sync', () => this.tell())
    this.doc.on('update', () => this.tell())
    this.provider.awareness.on('change', () => this.tell())
  }

  get text(): string {
    return this.doc.getXmlFragment(textFieldOf(this.open.note)).toString()
  }

  /** Types into the note's first paragraph (made when there is none), at the end or at `at`. */
  type(text: string, at?: number): void {
    this.doc.transact(() => {
      const fragment = this.doc.getXmlFragment(textFieldOf(this.open.note))
      if (fragment.length === 0) {
        const paragraph = new Y.XmlElement('paragraph')
        paragraph.insert(0, [new Y.XmlText()])
        fragment.insert(0, [paragraph])
      }
      const words = (fragment.get(0) as Y.XmlElement).get(0) as Y.XmlText
      words.insert(Math.min(at ?? words.length, words.length), text)
    })
  }

  synced(): Promise<void> {
    return this.until(() => this.provider.synced)
  }

  /** Resolves when everything sent by the present channel is stored. */
  allSaved(): Promise<void> {
    return this.until(() => this.provider.synced && this.sent > 0 && this.saved === this.sent)
  }

  async closedWith(): Promise<number> {
    await this.until(() => this.closes.length > 0)
    return this.closes[0]?.code ?? 0
  }

  destroy(): void {
    this.provider.destroy()
    this.doc.destroy()
  }
}

/** A bare channel that keeps what it hears. */
export class RawChannel extends Watched {
  readonly messages: Uint8Array[] = []
  readonly closed: Promise<number>
  readonly isOpen: Promise<void>
  savedFrames = 0
  readonly #socket: NotesSocket
  readonly #number: number
  readonly #ended = Promise.withResolvers<number>()
  readonly #began = Promise.withResolvers<void>()

  constructor(socket: NotesSocket, open: OpenChannel | Uint8Array) {
    super()
    this.closed = this.#ended.promise
    this.isOpen = this.#began.promise
    this.#socket = socket
    this.#number = socket.add({
      openPayload: open instanceof Uint8Array ? open : encodeOpen(open),
      opened: () => this.#began.resolve(),
      received: (message) => {
        this.messages.push(message)
        this.tell()
      },
      saved: (frames) => {
        this.savedFrames = frames
        this.tell()
      },
      closed: (code) => this.#ended.resolve(code),
    })
  }

  /** Sends one message: type 0 (sync) with this sub-type, and bytes. */
  sync(subType: 0 | 1 | 2, bytes: Uint8Array): void {
    this.message((encoder) => {
      encoding.writeVarUint(encoder, 0)
      encoding.writeVarUint(encoder, subType)
      encoding.writeVarUint8Array(encoder, bytes)
    })
  }

  /** Closes it from this side. */
  leave(): void {
    this.#socket.remove(this.#number)
  }

  message(write: (encoder: encoding.Encoder) => void): void {
    this.#socket.send(this.#number, kind.data, encoding.encode(write))
  }
}

/** The product's own session of a note, with its statuses in order. */
export class TestSession extends Watched {
  readonly session: NoteSession
  readonly statuses: NoteStatus[] = []
  denied = 0
  #isWatched = false

  constructor(tab: Tab, origin: string, note: Id, options: Partial<NoteSessionOptions> = {}) {
    super()
    this.session = new NoteSession(note, {
      ...options,
      socket: tab.socket,
      request: (path, init) => fetch(`${origin}${String(path)}`, { ...init, headers: tab.headers }),
      retryMs: { first: 5, longest: 20 },
      onChange: () => {
        this.statuses.push(this.session.status)
        if (this.session.doc && !this.#isWatched) {
          this.#isWatched = true
          this.session.doc.on('update', () => this.tell())
        }
        this.tell()
      },
      onDenied: () => this.denied++,
    })
  }

  get status(): NoteStatus {
    return this.session.status
  }

  type(text: string): void {
    const doc = this.session.doc
    if (!doc) throw new Error('the text is not there yet')
    const paragraph = new Y.XmlElement('paragraph')
    paragraph.insert(0, [new Y.XmlText(text)])
    doc.getXmlFragment(noteField).push([paragraph])
  }

  get text(): string | null {
    return this.session.doc?.getXmlFragment(noteField).toString() ?? null
  }

  untilStatus(isSo: (status: NoteStatus) => boolean): Promise<void> {
    return this.until(() => isSo(this.session.status))
  }

  destroy(): void {
    this.session.destroy()
  }
}
