import type { Id } from '#shared/contracts/ids.ts'
import type { Frame } from '#shared/contracts/office.ts'
import { memberName, memberOf } from '$lib/people.ts'
import { m } from '$paraglide/messages.js'
import type { AuthorLook } from './author-colours.ts'

/** Two who share a colour, or are seen by somebody who sees none, differ in their lines. */
const lines = ['2px solid', '2px dashed', '2px dotted', '3px double', '4px solid', '4px dashed', '4px dotted']

/** Gives each author a look that stays the same for as long as the note is open. */
export class AuthorLooks {
  readonly #lineOf = new Map<Id, string>()

  of(frame: Frame | null, memberId: Id | null): AuthorLook {
    const colour = frame ? memberOf(frame, memberId)?.colour : undefined
    return {
      colour: colour === undefined ? 'var(--ink-3)' : `var(--p${colour + 1})`,
      line: memberId === null ? 'none' : this.#line(memberId),
    }
  }

  #line(memberId: Id): string {
    const line = this.#lineOf.get(memberId) ?? lines[this.#lineOf.size % lines.length] ?? 'none'
    this.#lineOf.set(memberId, line)
    return line
  }
}

/** An author's name, and that they are not here any more where that is so. */
export function authorName(frame: Frame | null, memberId: Id | null): string {
  const member = frame ? memberOf(frame, memberId) : undefined
  if (!frame || !member) return m.authors_unknown()
  return member.state === 'deactivated' ? m.authors_left({ name: member.name }) : memberName(frame, member.id)
}
