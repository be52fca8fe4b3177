import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { access, close, type NoteGrant, noteSchema, readerClient } from '#shared/contracts/notes-wire.ts'
import { type AskForGrant, grantOfNote } from './fetch-grant.ts'
import { channelClass } from './notes-channel.ts'
import type { NotesSocket } from './notes-socket.ts'
import { SaveLedger } from './save-ledger.ts'

/**
 * - `loading`: the text is not here yet, and nothing may be shown in its place
 * - `saved` / `unsaved`: every edit made here is stored, or not yet
 * - `offline`: no line; what is typed is kept in this tab
 * - `readonly`: this member may read
 * - `outdated`: as `readonly`, because the server has another version of the editor: the page is to be loaded again
 * - `denied`: may not (any more); `reload`: the note is another one now, what stands here can be read and copied
 */
export type NoteState = 'loading' | 'saved' | 'unsaved' | 'offline' | 'readonly' | 'outdated' | 'denied' | 'reload'

/** What the footer may honestly say. */
export interface NoteStatus {
  state: NoteState
  /** When the last edit made here was known to be stored; null: nothing was edited. */
  savedAt: Date | null
  hasUnsaved: boolean
  mayWrite: boolean
}

export interface NoteSessionOptions {
  socket: NotesSocket
  /** After every change of `status`, and once when the text is there. */
  onChange: () => void
  /** The right to read is not there, or was withdrawn. */
  onDenied: () => void
  request?: typeof fetch
  /** How it is granted, where it is not a dossier's internal note. */
  grant?: AskForGrant
  now?: () => Date
  /** The version of the schema that this tab's editor has. */
  schema?: number
  /** Pause before the grant is asked for again, in milliseconds: the first, doubled each time up to the longest. */
  retryMs?: { first: number; longest: number }
}

/** One text open in this tab: its document, its line to the server, and what is known about what was saved. */
export class NoteSession {
  readonly noteId: string
  readonly #options: Required<NoteSessionOptions>
  readonly #ledger = new SaveLedger()
  readonly #ending = new AbortController()
  #doc: Y.Doc | null = null
  #provider: WebsocketProvider | null = null
  #isLoaded = false
  #isUnreachable = false
  #mayWrite = false
  #isOutdated = false
  #end: 'denied' | 'reload' | null = null
  #savedAt: Date | null = null

  constructor(noteId: string, options: NoteSessionOptions) {
    this.noteId = noteId
    const request = options.request ?? ((...asked: Parameters<typeof fetch>) => fetch(...asked))
    this.#options = {
      request,
      grant: grantOfNote(noteId, request),
      now: () => new Date(),
      schema: noteSchema,
      retryMs: { first: 500, longest: 15_000 },
      ...options,
    }
    void this.#start()
  }

  /** The text; null until it is there. The same one for as long as the note is open, whatever happens to the line. */
  get doc(): Y.Doc | null {
    return this.#isLoaded ? this.#doc : null
  }

  /** For the carets of the others; null until the text is there. */
  get provider(): WebsocketProvider | null {
    return this.#isLoaded ? this.#provider : null
  }

  get status(): NoteStatus {
    return { state: this.#state(), savedAt: this.#savedAt, hasUnsaved: this.#ledger.hasUnsaved, mayWrite: this.#mayWrite && !this.#end }
  }

  #state(): NoteState {
    if (this.#end) return this.#end
    if (!this.#isLoaded) return this.#isUnreachable ? 'offline' : 'loading'
    if (!this.#provider?.synced) return 'offline'
    if (this.#isOutdated) return 'outdated'
    if (!this.#mayWrite) return 'readonly'
    return this.#ledger.hasUnsaved ? 'unsaved' : 'saved'
  }

  /** Frees everything. What is not saved is lost. */
  destroy(): void {
    this.#ending.abort()
    this.#provider?.destroy()
    this.#doc?.destroy()
  }

  async #start(): Promise<void> {
    const grant = await this.#grant()
    if (!grant) return
    const doc = new Y.Doc()
    // before anything is written or connected: the server takes new text only under an id it issued
    if (grant.clientId !== readerClient) doc.clientID = grant.clientId
    this.#mayWrite = grant.mayWrite
    doc.on('update', (_update: Uint8Array, origin: unknown) => this.#edited(origin))
    this.#doc = doc
    this.#provider = this.#connect(doc, grant)
    this.#changed()
  }

  #connect(doc: Y.Doc, { note, epoch, clientId }: NoteGrant): WebsocketProvider {
    const { schema } = this.#options
    const channel = channelClass(this.#options.socket, () => ({ note, epoch, schema, clientId }), {
      opened: (as) => {
        this.#mayWrite = as === access.write
        this.#isOutdated = as === access.outdated
        this.#ledger.restart()
      },
      sent: (frame) => this.#ledger.send(frame),
      saved: (frames) => {
        if (this.#ledger.save(frames)) this.#savedAt = this.#options.now()
        this.#changed()
      },
    })
    // BroadcastChannel would show edits in other tabs before they are stored, and go round a withdrawn right
    const provider = new WebsocketProvider('ws://notes', note, doc, { WebSocketPolyfill: channel, disableBc: true })
    provider.on('sync', (isSynced) => {
      this.#isLoaded ||= isSynced
      this.#changed()
    })
    provider.on('status', () => this.#changed())
    provider.on('closed', ({ code }) => void this.#closedForGood(code))
    return provider
  }

  #edited(origin: unknown): void {
    // a reader's Yjs tidies up formats by itself; that is not sent anywhere
    if (origin === this.#provider || !this.#mayWrite) return
    this.#ledger.edit()
    this.#changed()
  }

  /** The server said something final. 4403: the right to write may be all that went; then it is opened again to read. */
  async #closedForGood(code: number): Promise<void> {
    if (code === close.noRight) return this.#deny()
    if (code !== close.rightWithdrawn) return this.#finish('reload')
    this.#mayWrite = false
    this.#changed()
    const grant = await this.#grant()
    if (!grant) return
    // same document and client id as before: both are still this member's
    this.#mayWrite = grant.mayWrite
    this.#provider?.connect()
  }

  /** Asks until there is an answer. Null: refused, or this session ended. */
  async #grant(): Promise<NoteGrant | null> {
    const { grant: ask, retryMs } = this.#options
    for (let pauseMs = retryMs.first; !this.#ending.signal.aborted; pauseMs = Math.min(pauseMs * 2, retryMs.longest)) {
      try {
        const grant = await ask(this.#ending.signal)
        this.#isUnreachable = false
        if (this.#ending.signal.aborted) return null
        if (!grant) this.#deny()
        return grant
      } catch {
        this.#isUnreachable = true
        this.#changed()
        await pause(pauseMs * (0.5 + Math.random()), this.#ending.signal)
      }
    }
    return null
  }

  #deny(): void {
    this.#finish('denied')
    this.#options.onDenied()
  }

  #finish(end: 'denied' | 'reload'): void {
    this.#end = end
    this.#changed()
  }

  #changed(): void {
    if (!this.#ending.signal.aborted) this.#options.onChange()
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
