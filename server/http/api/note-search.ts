import { z } from 'zod'
import { NoteHitsAnswer } from '#shared/contracts/note-hit.ts'
import { findInNotes } from '../../queries/notes.ts'
import type { Store } from '../../store/store.ts'
import { type Api, serve } from './route.ts'

const Search = z.object({
  search: z.string().max(200).describe('Words that begin words of the note; none: none are found.'),
  limit: z.number().int().min(1).max(100).default(20),
})

/** Dossiers by what their notes say. */
export function serveNoteSearch(api: Api, { store }: { store: Store }): void {
  // searched words are somebody's data, which do not belong into addresses: they come in the body
  serve(
    api,
    {
      method: 'post',
      scope: 'read',
      path: '/notes/search',
      tag: 'dossiers',
      summary: 'Dossiers by words of their notes, those changed last first.',
      description: 'Only what the member may see. A note is found some seconds after it was written in.',
      body: Search,
      answer: NoteHitsAnswer,
    },
    async (c, { body }) => c.json({ notes: await findInNotes(store, c.get('actor'), body.search, body.limit) }),
  )
}
