import { z } from 'zod'
import { CommentGrantsAnswer, CommentsAnswer, MentionsAnswer } from '#shared/contracts/answers/comment.ts'
import { Id } from '#shared/contracts/ids.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import { commentAuthors, commentsOn, mentionsFor } from '../../queries/comments.ts'
import type { NotesServer } from '../../rooms/notes-server.ts'
import type { Store } from '../../store/store.ts'
import { refused } from './answers.ts'
import { GrantQuery } from './grant-query.ts'
import { type Api, serve } from './route.ts'

const params = z.object({ id: Id })
const unknown: Refusal = { code: 'notFound', what: 'dossier' }

interface CommentOptions {
  store: Store
  notes: Pick<NotesServer, 'grantComments'>
}

/** S4.12: the comments on a dossier, what an editor needs for their texts, and what one was mentioned in. */
export function serveComments(api: Api, { store, notes }: CommentOptions): void {
  serve(
    api,
    {
      method: 'get',
      path: '/dossiers/{id}/comments',
      tag: 'dossiers',
      summary: 'The comments on a dossier, newest first, deleted ones included.',
      description: 'Who wrote each, when, on which tab. Their texts are live and come over the notes socket: see the grants.',
      params,
      unknown,
      answer: CommentsAnswer,
    },
    async (c, { params: { id } }) => {
      const comments = await commentsOn(store, c.get('actor'), id)
      return comments ? c.json(comments) : refused(c, unknown)
    },
  )
  serve(
    api,
    {
      method: 'post',
      path: '/dossiers/{id}/comments/grants',
      tag: 'dossiers',
      summary: 'What an editor needs before it opens the comments on the notes socket: one for each author, and one’s own.',
      description: 'A colleague’s comments are opened with the client id 0, to read; ids ahead come with one’s own.',
      params,
      query: GrantQuery,
      unknown,
      answer: CommentGrantsAnswer,
      refusals: [403, 404],
    },
    async (c, { params: { id }, query: { ahead } }) => {
      const actor = c.get('actor')
      const authors = await commentAuthors(store, actor, id)
      if (!authors) return refused(c, unknown)
      return c.json({ grants: await notes.grantComments(actor, id, authors, ahead) })
    },
  )
  serve(
    api,
    {
      method: 'get',
      path: '/mentions',
      tag: 'me',
      summary: 'What one was mentioned in and has not seen, newest first.',
      answer: MentionsAnswer,
    },
    async (c) => c.json(await mentionsFor(store, c.get('actor'))),
  )
}
