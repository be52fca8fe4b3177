import type { WebsocketProvider } from 'y-websocket'
import type * as Y from 'yjs'
import { partsOf } from '#shared/contracts/note-id.ts'
import { copies } from '../offline/tab-copies.ts'
import type { AskForGrant } from './fetch-grant.ts'
import { guardLeaving } from './leave-guard.ts'
import { NoteSession, type NoteStatus } from './note-session.ts'
import { NotesSocket } from './notes-socket.ts'
import { Shelf } from './shelf.ts'

/** A text, as components see it: reactive. */
class HeldNote {
  status: NoteStatus = $state.raw({
    ...{ state: 'loading', savedAt: null, hasUnsaved: false, mayWrite: false },
    ...{ hasCopy: false, isKept: false, copyFault: null, stranded: [] },
  })
  doc: Y.Doc | null = $state.raw(null)
  provider: WebsocketProvider | null = $state.raw(null)
  versionsTold = $state(0)
  readonly deniedListeners = new Set<() => void>()
  readonly #session: NoteSession

  constructor(noteId: string, grant: AskForGrant | undefined, onChange: () => void) {
    this.#session = new NoteSession(noteId, {
      socket: tabSocket(),
      copy: copies.text(noteId, partsOf(noteId).dossierId),
      ...(grant && { grant }),
      onChange: () => {
        this.status = this.#session.status
        this.doc = this.#session.doc
        this.provider = this.#session.provider
        onChange()
      },
      onVersions: () => this.versionsTold++,
      onDenied: () => this.deniedListeners.forEach((listener) => listener()),
    })
  }

  /** What cannot be saved any more (`denied`, `reload`, `outdated`) is not kept for it. */
  get mustStay(): boolean {
    const { state, hasUnsaved } = this.status
    return hasUnsaved && (state === 'unsaved' || state === 'offline')
  }

  /** Closing the tab now would lose something. */
  get isAtRisk(): boolean {
    const { hasUnsaved, isKept } = this.#session.status
    return hasUnsaved && !isKept
  }

  keepNow(): void {
    this.#session.keepNow()
  }

  dropStranded(): void {
    this.#session.dropStranded()
  }

  destroy(): void {
    this.#session.destroy()
  }
}

/** A text that a component has open. */
export interface OpenNote {
  readonly status: NoteStatus
  /** Null until the text is there: only then may an editor be shown. Stays the same one. */
  readonly doc: Y.Doc | null
  /** For the carets (`provider.awareness`); null until the text is there. */
  readonly provider: WebsocketProvider | null
  /** Counts up when the kept versions of the text are others. */
  readonly versionsTold: number
  /** What can never be sent was copied out, or is not wanted. */
  dropStranded(): void
  /** The component is gone. Text that is not saved yet stays in the tab until it is. */
  destroy(): void
}

const shelf = new Shelf<HeldNote>()
let socket: NotesSocket | undefined

function tabSocket(): NotesSocket {
  if (socket) return socket
  const keepNow = () => shelf.all.forEach((note) => note.keepNow())
  for (const leaving of ['visibilitychange', 'pagehide']) addEventListener(leaving, keepNow, { capture: true })
  guardLeaving(window, () => shelf.all.some((note) => note.isAtRisk))
  socket = new NotesSocket({ url: () => new URL('/notes', location.href.replace(/^http/, 'ws')).href })
  return socket
}

interface OpenOptions {
  onDenied: () => void
  /** How it is granted, where it is not a dossier's internal note. */
  grant?: AskForGrant
}

/**
 * Opens a text: the internal note of a dossier by the dossier's id, or another by an id of its own. Errors show in `status`;
 * `onDenied` is called when this member may not read it, or not any more (L2).
 */
export function openNote(noteId: string, { onDenied, grant }: OpenOptions): OpenNote {
  const held = shelf.hold(noteId, () => new HeldNote(noteId, grant, () => shelf.tidy(noteId)))
  held.deniedListeners.add(onDenied)
  if (held.status.state === 'denied') queueMicrotask(onDenied)
  let isOpen = true
  return {
    get status() {
      return held.status
    },
    get doc() {
      return held.doc
    },
    get provider() {
      return held.provider
    },
    get versionsTold() {
      return held.versionsTold
    },
    dropStranded: () => held.dropStranded(),
    destroy() {
      if (!isOpen) return
      isOpen = false
      held.deniedListeners.delete(onDenied)
      shelf.release(noteId)
    },
  }
}
