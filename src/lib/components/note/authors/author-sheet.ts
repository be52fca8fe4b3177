import type { Id } from '#shared/contracts/ids.ts'
import { untilMinute } from '$lib/format.ts'
import type { Wrote } from '$lib/notes/authors/author-runs.ts'
import { m } from '$paraglide/messages.js'
import type { AuthorLook } from './author-colours.ts'

/** What stands under a text while its authors are shown. */
export interface AuthorSheet {
  /** `loading`: the server has not told yet; `failed`: it could not be asked. */
  state: 'loading' | 'failed' | 'known'
  /** With how many letters of the text each. */
  authors: { id: Id | null; letters: number }[]
  /** Who wrote where the caret stands; null: it stands in nothing, or is not in the text. */
  here: Wrote | null
  nameOf: (memberId: Id | null) => string
  lookOf: (memberId: Id | null) => AuthorLook
}

/** "Ana Bos, 26 Nov 2026, 14:03"; without the time where it is not known. */
export function wroteText({ by, at }: Wrote, nameOf: AuthorSheet['nameOf']): string {
  return at === null ? nameOf(by) : m.authors_wrote({ name: nameOf(by), time: untilMinute(at) })
}
