import * as Y from 'yjs'
import type { Id } from '#shared/contracts/ids.ts'
import { noteField } from '#shared/contracts/notes-wire.ts'
import type { Actor } from '#shared/domain/access.ts'
import type { NoteSession } from '../../../src/lib/notes/note-session.ts'
import type { NotesSocket } from '../../../src/lib/notes/notes-socket.ts'
import type { Random } from './random.ts'

/** Every letter that is ever typed is another one, so that each can be looked for. */
export class Letters {
  #next = 0x4e00
  /** Letters that somebody deleted on purpose. */
  readonly deleted = new Set<string>()

  some(count: number): string {
    return Array.from({ length: count }, () => String.fromCodePoint(this.#next++)).join('')
  }
}

/** A note open in a tab, and what its screen has promised. */
export class OpenPage {
  readonly note: Id
  readonly session: NoteSession
  /** Typed here, and called saved. */
  readonly promised = new Set<string>()
  /** Typed here. */
  #typed: string[] = []
  /** What the disk had when this was opened, by client id: must be there when it is shown. */
  readonly foundAt: ReadonlyMap<number, number>
  hasShown = false

  constructor(note: Id, session: NoteSession, foundAt: ReadonlyMap<number, number>) {
    this.note = note
    this.session = session
    this.foundAt = foundAt
  }

  get isSaved(): boolean {
    const { state, hasUnsaved } = this.session.status
    return state === 'saved' && !hasUnsaved
  }

  /** Its screen says "saved": all that was typed is promised. */
  promise(): void {
    for (const letter of this.#typed.splice(0)) this.promised.add(letter)
  }

  get text(): string {
    return this.session.doc?.getXmlFragment(noteField).toString() ?? ''
  }

  /** Writes, takes away or marks something, as an editor does. */
  edit(random: Random, letters: Letters): void {
    const { doc, status } = this.session
    if (!doc || !status.mayWrite) return
    doc.transact(() => {
      const fragment = doc.getXmlFragment(noteField)
      const words = wordsIn(fragment, random)
      if (!words || random.chance(0.1)) return this.#newLine(fragment, random, letters)
      if (words.length > 2 && random.chance(0.2)) return takeAway(words, random, letters)
      if (words.length > 2 && random.chance(0.15))
        return words.format(random.int(words.length - 1), 1, { bold: random.chance(0.5) ? {} : null })
      words.insert(random.int(words.length + 1), this.#type(1 + random.int(3), letters))
    })
  }

  #newLine(fragment: Y.XmlFragment, random: Random, letters: Letters): void {
    const line = new Y.XmlElement('paragraph')
    line.insert(0, [new Y.XmlText(this.#type(2, letters))])
    fragment.insert(random.int(fragment.length + 1), [line])
  }

  #type(count: number, letters: Letters): string {
    const text = letters.some(count)
    this.#typed.push(...text)
    return text
  }
}

/** Somebody at a browser tab. */
export interface Person {
  id: Id
  socket: NotesSocket
  pages: Map<Id, OpenPage>
  /** Until this moment nothing reaches the server, in milliseconds. */
  partedUntil: number
}

function wordsIn(fragment: Y.XmlFragment, random: Random): Y.XmlText | null {
  const line = fragment.length > 0 ? fragment.get(random.int(fragment.length)) : null
  const words = line instanceof Y.XmlElement && line.length > 0 ? line.get(0) : null
  return words instanceof Y.XmlText ? words : null
}

function takeAway(words: Y.XmlText, random: Random, letters: Letters): void {
  const at = random.int(words.length - 1)
  const count = 1 + random.int(Math.min(3, words.length - at))
  const plain = (words.toDelta() as { insert: string }[]).map(({ insert }) => insert).join('')
  for (const letter of plain.slice(at, at + count)) letters.deleted.add(letter)
  words.delete(at, count)
}

/** A member who may do what the disk says. */
export const actorOf = (officeId: Id, memberId: Id): Actor => ({
  officeId,
  memberId,
  role: 'adviser',
  divisionIds: [],
  ownerIds: [],
  seesAll: true,
  divisionsOn: false,
})
