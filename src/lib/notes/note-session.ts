import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { access, close, type NoteGrant, noteSchema, readerClient } from '#shared/contracts/notes-wire.ts'
import { type AskForGrant, grantOfNote } from './fetch-grant.ts'
import type { CopyFault, KeptNote, NoteCopy } from './note-copy.ts'
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
  /** There is a place for the text in this browser. */
  hasCopy: boolean
  /** Everything typed here lies in this browser, too: the tab may be closed. */
  isKept: boolean
  /** Why it does not lie there. `damaged`: what lay there cannot be read. */
  copyFault: CopyFault | 'damaged' | null
  /** Updates that were made here and can never be sent: their words can be copied out. */
  stranded: readonly Uint8Array[]
}

export interface NoteSessionOptions {
  socket: NotesSocket
  /** After every change of `status`, and once when the text is there. */
  onChange: () => void
  /** The right to read is not there, or was withdrawn. */
  onDenied: () => void
  /** The kept versions of the text are others now. */
  onVersions?: () => void
  request?: typeof fetch
  /** How it is granted, where it is not a dossier's internal note. */
  grant?: AskForGrant
  now?: () => Date
  /** The version of the schema that this tab's editor has. */
  schema?: number
  /** Pause before the grant is asked for again, in milliseconds: the first, doubled each time up to the longest. */
  retryMs?: { first: number; longest: number }
  /** The text's place in this browser; null: there is none. */
  copy?: Promise<NoteCopy | null>
  /** So long without an answer what lies in this browser is shown, in milliseconds. */
  patienceMs?: number
  /** Tells `online` where a network came back. */
  network?: EventTarget | null
}

/** The origin of updates that come from this browser's copy. */
const fromCopy = Symbol('copy')

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
  #copy: NoteCopy | null = null
  /** What the channel is opened under: of a document that must not write, the readers' own. */
  #clientId = readerClient
  #isDamaged = false
  #stranded: readonly Uint8Array[] = []

  constructor(noteId: string, options: NoteSessionOptions) {
    this.noteId = noteId
    const request = options.request ?? ((...asked: Parameters<typeof fetch>) => fetch(...asked))
    this.#options = {
      request,
      grant: grantOfNote(noteId, request),
      onVersions: () => {},
      now: () => new Date(),
      schema: noteSchema,
      retryMs: { first: 500, longest: 15_000 },
      copy: Promise.resolve(null),
      patienceMs: 2_500,
      network: typeof window === 'undefined' ? null : window,
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
    return {
      state: this.#state(),
      savedAt: this.#savedAt,
      hasUnsaved: this.#ledger.hasUnsaved,
      mayWrite: this.#mayWrite && !this.#end,
      hasCopy: this.#copy !== null,
      isKept: this.#copy?.isKept ?? false,
      copyFault: this.#copy?.fault ?? (this.#isDamaged ? 'damaged' : null),
      stranded: this.#stranded,
    }
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
    this.#copy?.close()
    this.#provider?.destroy()
    this.#doc?.destroy()
  }

  /** Writes into this browser what it was to keep soon. */
  keepNow(): void {
    void this.#copy?.flush()
  }

  /** What was stranded was copied out, or is not wanted. */
  dropStranded(): void {
    this.#stranded = []
    void this.#copy?.dropStranded()
    this.#changed()
  }

  /** Opens it by the server's grant; where that does not come, from what lies in this browser, until it does. */
  async #start(): Promise<void> {
    this.#copy = await this.#options.copy
    if (this.#copy) this.#copy.onKept = () => this.#changed()
    const granted = this.#grant()
    const kept = (await this.#copy?.read()) ?? null
    if (this.#ending.signal.aborted) return
    if (kept) await this.#showIfUnanswered(kept, granted)
    const grant = await granted
    if (grant) await this.#openGranted(grant, kept)
  }

  async #showIfUnanswered(kept: KeptNote, granted: Promise<NoteGrant | null>): Promise<void> {
    const unreachable = this.#until(() => this.#isUnreachable, this.#options.patienceMs)
    const isAnswered = await Promise.race([granted.then(() => true), unreachable.then(() => false)])
    if (isAnswered || this.#ending.signal.aborted) return
    if (kept.isDamaged) return this.#putAside()
    const clientId = (await this.#copy?.takeClientId()) ?? null
    const doc = this.#make(clientId)
    // without an id of its own nothing may be written
    this.#mayWrite = kept.mayWrite && clientId !== null
    this.#read(doc, kept)
    this.#provider = this.#connect(doc, { note: this.noteId, epoch: kept.epoch })
    this.#isLoaded = true
    this.#changed()
  }

  async #openGranted(grant: NoteGrant, kept: KeptNote | null): Promise<void> {
    const isUsable = kept !== null && kept.epoch === grant.epoch && !kept.isDamaged
    if (kept?.isDamaged) await this.#putAside()
    await this.#copy?.granted(grant)
    if (kept && !isUsable) this.#stranded = (await this.#copy?.read())?.stranded ?? []
    if (this.#ending.signal.aborted) return
    if (this.#doc && !isUsable) return this.#finish('reload')
    const doc = this.#doc ?? this.#make(grant.clientId)
    if (!this.#doc && isUsable) this.#read(doc, kept)
    this.#doc = doc
    // shown without an id to write under: here is one
    if (!this.#mayWrite && grant.mayWrite) this.#clientId = doc.clientID = grant.clientId
    this.#mayWrite = grant.mayWrite
    if (this.#provider) this.#provider.connect()
    else this.#provider = this.#connect(doc, grant, true)
    this.#changed()
    if (isUsable) void this.#showIfUnsynced()
  }

  /** A document that writes under this id; null: it must not write. */
  #make(clientId: number | null): Y.Doc {
    const doc = new Y.Doc()
    // before anything is written or connected: the server takes new text only under an id it issued
    if (clientId !== null && clientId !== readerClient) doc.clientID = clientId
    this.#clientId = clientId ?? readerClient
    doc.on('update', (update: Uint8Array, origin: unknown) => this.#edited(doc, update, origin))
    return doc
  }

  #read(doc: Y.Doc, { updates, isWaiting, stranded }: KeptNote): void {
    this.#doc = doc
    this.#stranded = stranded
    doc.transact(() => updates.forEach((update) => Y.applyUpdate(doc, update, fromCopy)), fromCopy)
    if (isWaiting) this.#ledger.edit()
  }

  /** What lies here is no text any more: what was typed can be copied out, and the rest comes from the server. */
  async #putAside(): Promise<void> {
    this.#isDamaged = true
    this.#stranded = (await this.#copy?.putAside()) ?? []
    this.#changed()
  }

  /** What waits here may not be written any more. */
  async #strand(): Promise<void> {
    this.#stranded = (await this.#copy?.strand()) ?? []
    this.#changed()
  }

  /** Right, but no line: what lies here is shown meanwhile. */
  async #showIfUnsynced(): Promise<void> {
    await this.#until(() => this.#provider?.synced ?? false, this.#options.patienceMs)
    this.#isLoaded = true
    this.#changed()
  }

  /** Resolves when this is so, at the latest after so long. */
  async #until(isSo: () => boolean, withinMs: number): Promise<void> {
    const end = AbortSignal.any([this.#ending.signal, AbortSignal.timeout(withinMs)])
    while (!isSo() && !end.aborted) await pause(20, end)
  }

  #connect(doc: Y.Doc, { note, epoch }: Pick<NoteGrant, 'note' | 'epoch'>, connect = false): WebsocketProvider {
    const { schema } = this.#options
    const channel = channelClass(this.#options.socket, () => ({ note, epoch, schema, clientId: this.#clientId }), {
      opened: (as) => {
        this.#mayWrite = as === access.write
        this.#isOutdated = as === access.outdated
        this.#ledger.restart()
        if (as === access.read && this.#ledger.hasUnsaved) void this.#strand()
      },
      sent: (frame) => this.#ledger.send(frame),
      versions: () => this.#options.onVersions(),
      saved: (frames) => {
        if (this.#ledger.save(frames)) this.#savedAt = this.#options.now()
        if (!this.#ledger.hasUnsaved) this.#copy?.allSaved()
        this.#changed()
      },
    })
    // BroadcastChannel would show edits in other tabs before they are stored, and go round a withdrawn right
    const provider = new WebsocketProvider('ws://notes', note, doc, { WebSocketPolyfill: channel, disableBc: true, connect })
    provider.on('sync', (isSynced) => {
      this.#isLoaded ||= isSynced
      this.#changed()
    })
    provider.on('status', () => this.#changed())
    provider.on('closed', ({ code }) => void this.#closedForGood(code))
    return provider
  }

  #edited(doc: Y.Doc, update: Uint8Array, origin: unknown): void {
    if (origin === fromCopy) return
    const isOwn = origin !== this.#provider
    // a reader's Yjs tidies up formats by itself; that is not sent anywhere
    if (isOwn && !this.#mayWrite) return
    this.#copy?.keep(update, isOwn, () => Y.encodeStateAsUpdate(doc))
    if (!isOwn) return
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
    await this.#copy?.granted(grant)
    // same document and client id as before: both are still this member's
    this.#mayWrite = grant.mayWrite
    this.#provider?.connect()
  }

  /** Asks until there is an answer. Null: refused, or this session ended. */
  async #grant(): Promise<NoteGrant | null> {
    const { grant: ask, retryMs } = this.#options
    for (let pauseMs = retryMs.first; !this.#ending.signal.aborted; pauseMs = Math.min(pauseMs * 2, retryMs.longest)) {
      try {
        const grant = await ask(this.#ending.signal, (await this.#copy?.missingIds()) ?? 0)
        this.#isUnreachable = false
        if (this.#ending.signal.aborted) return null
        if (!grant) this.#deny()
        return grant
      } catch {
        this.#isUnreachable = true
        this.#changed()
        await pause(pauseMs * (0.5 + Math.random()), this.#ending.signal, this.#options.network)
      }
    }
    return null
  }

  #deny(): void {
    void this.#copy?.erase()
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

/** Ends early where it is given up, and where a network comes back. */
function pause(ms: number, signal: AbortSignal, network: EventTarget | null = null): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      network?.removeEventListener('online', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
    network?.addEventListener('online', end)
  })
}
