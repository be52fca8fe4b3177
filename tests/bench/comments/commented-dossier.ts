import * as Y from 'yjs'
import { type Comment, commentField } from '#shared/contracts/comment.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { commentsNote } from '#shared/contracts/note-id.ts'
import { newId } from '../../../server/new-id.ts'
import { openSqliteStore } from '../../../server/store/sqlite/open.ts'
import type { NoteAppend } from '../../../server/store/store.ts'

export const authorCount = 20
export const commentCount = 500
/** About as long as what people write under a dossier: three sentences. */
const sentence = 'The bank asks for the last three pay slips and a statement of the pension, which the client will bring on Thursday. '
const sentences = 3

/** Writes so many comments by so many authors on one of an office's dossiers, in a store that no server has open. */
export async function commentDossier(dataDir: string): Promise<Id> {
  const store = await openSqliteStore({ dataDir })
  const [officeId] = await store.offices()
  if (!officeId) throw new Error('there is no office')
  const { at, rows } = await store.rows(officeId)
  const dossierId = rows.find(({ status }) => status === 'client')?.id
  if (!dossierId) throw new Error('there is no open dossier')
  const authors = (await store.all(officeId, 'member')).slice(0, authorCount).map(({ id }) => id)
  const comments = Array.from({ length: commentCount }, (_, i) => commentOf(dossierId, authors[i % authors.length] ?? '', at, i))
  const puts = comments.map((record) => ({ kind: 'comment', record }) as const)
  await store.commit({ officeId, expect: at, events: [], puts, answers: [], fences: [] })
  for (const [authorId, own] of Map.groupBy(comments, (comment) => comment.authorId ?? '')) {
    const note = commentsNote(dossierId, authorId)
    const bytes = textsOf(own, await store.grantClient(officeId, note, authorId))
    const fence = await store.fence(officeId, note)
    const append: NoteAppend = { officeId, note, epoch: 1, seq: 1, memberId: authorId, at: Date.now(), bytes, fence }
    await store.appendNotes([append])
  }
  await store.close()
  return dossierId
}

function commentOf(dossierId: Id, authorId: Id, at: number, i: number): Comment {
  const writtenAt = Date.UTC(2026, 10, 1) + i * 60_000
  return {
    ...{ id: newId(), at, dossierId, authorId, rule: null, about: null, tab: 'general', writtenAt },
    ...{ validatedAt: writtenAt, editedAt: null, deletedAt: null, inSynthesis: true, mentions: [] },
  }
}

function textsOf(comments: readonly Comment[], clientId: number): Uint8Array {
  const doc = new Y.Doc()
  doc.clientID = clientId
  for (const { id } of comments) {
    const paragraphs = Array.from({ length: sentences }, () => {
      const paragraph = new Y.XmlElement('paragraph')
      paragraph.insert(0, [new Y.XmlText(sentence)])
      return paragraph
    })
    doc.getXmlFragment(commentField(id)).insert(0, paragraphs)
  }
  return Y.encodeStateAsUpdate(doc)
}
