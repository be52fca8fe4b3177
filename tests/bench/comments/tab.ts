import { CommentGrantsAnswer, type CommentGrant } from '#shared/contracts/answers/comment.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { NoteGrant } from '#shared/contracts/notes-wire.ts'
import { NoteSession } from '../../../src/lib/notes/note-session.ts'
import type { NotesSocket } from '../../../src/lib/notes/notes-socket.ts'
import { notesSocketOf } from '../../harness/typist.ts'
import { type SignedIn, signedIn } from '../../harness/member.ts'

// y-websocket listens for the end of the process once per document
process.setMaxListeners(1_000)

/** A browser's tab without its screen: the product's own client code. */
export class BenchTab {
  readonly #member: SignedIn
  readonly #socket: NotesSocket
  readonly sessions: NoteSession[] = []

  constructor(url: string, cookie: string) {
    this.#member = signedIn(url, cookie)
    this.#socket = notesSocketOf(this.#member)
  }

  /** What a dossier's page asks for before it shows comments: which there are, and the grants of their authors' documents. */
  async comments(dossierId: Id): Promise<CommentGrant[]> {
    const list = await this.#member.get(`/api/v1/dossiers/${dossierId}/comments`)
    const granted = await this.#member.post(`/api/v1/dossiers/${dossierId}/comments/grants`, {})
    if (!list.ok || !granted.ok) throw new Error(`comments: ${list.status}, grants: ${granted.status}`)
    await list.text()
    return CommentGrantsAnswer.parse(await granted.json()).grants
  }

  /** Opens a document; resolves when its text is there. Without a grant: the dossier's note. */
  async open(note: Id, grant?: NoteGrant): Promise<NoteSession> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const { url, cookie, origin } = this.#member
    const session: NoteSession = new NoteSession(note, {
      socket: this.#socket,
      request: (path, init) => fetch(url + String(path), { ...init, headers: { cookie, origin } }),
      ...(grant && { grant: async () => grant }),
      onChange: () => void (session.doc && resolve()),
      onDenied: () => reject(new Error('the document was denied')),
    })
    this.sessions.push(session)
    await promise
    return session
  }

  close(): void {
    for (const session of this.sessions) session.destroy()
    this.#socket.drop()
  }
}
