import { expect, it } from 'vitest'
import type { Comment } from '#shared/contracts/comment.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Mention } from '#shared/contracts/mention.ts'
import { commentsNote } from '#shared/contracts/note-id.ts'
import type { Made, Make } from '../contract.ts'
import { aCommit, aDossier, anAppend, anOfficeIn, aSetting, day, freshId, put, someone } from '../samples.ts'

function aComment(dossierId: Id, fields: Partial<Comment> = {}): Comment {
  return {
    ...{ id: freshId(), at: 1, dossierId, authorId: someone, rule: null, about: null, tab: 'general', writtenAt: day },
    ...{ validatedAt: null, editedAt: null, deletedAt: null, inSynthesis: true, mentions: [] },
    ...fields,
  }
}

function aMention(dossierId: Id, memberId: Id, fields: Partial<Mention> = {}): Mention {
  return { id: freshId(), memberId, dossierId, commentId: freshId(), by: someone, at: day, seenAt: null, ...fields }
}

const comment = (record: Comment) => ({ kind: 'comment', record }) as const
const mention = (record: Mention) => ({ kind: 'mention', record }) as const
const byId = (a: { id: Id }, b: { id: Id }) => (a.id < b.id ? -1 : 1)

/** Comments by their dossier, mentions by whom they wait for, and what stands behind a dossier's fence and goes with it. */
export function commentContract(make: Make): void {
  it('S4.12 the comments on a dossier are found by it, each as it was last put, after a restart too', async () => {
    const { store, reopen } = await make()
    const [here, there] = [freshId(), freshId()]
    const [first, second, elsewhere] = [aComment(here), aComment(here, { authorId: null, rule: 'alternatingCustody' }), aComment(there)]
    const officeId = await anOfficeIn(store, [first, second, elsewhere].map(comment))
    const other = await anOfficeIn(store)
    const changed = { ...first, at: 2, validatedAt: day + 1, about: { childName: 'Søren', birthDate: null } }
    await store.commit(aCommit(officeId, 1, { puts: [comment(changed)], events: [aSetting(2)] }))
    expect(await store.comments(officeId, here)).toEqual([changed, second].sort(byId))
    expect(await store.comments(other, here)).toEqual([])
    expect(await (await reopen()).comments(officeId, here)).toEqual([changed, second].sort(byId))
  })

  it('S4.12 a member’s mentions are found until they are seen', async () => {
    const { store } = await make()
    const [ana, bo, dossier] = [freshId(), freshId(), freshId()]
    const [first, second, others] = [aMention(dossier, ana), aMention(dossier, ana), aMention(dossier, bo)]
    const officeId = await anOfficeIn(store, [first, second, others].map(mention))
    expect(await store.mentionsOf(officeId, ana)).toEqual([first, second].sort(byId))
    const seen = { ...first, seenAt: day + 5 }
    await store.commit(aCommit(officeId, 1, { puts: [mention(seen)], events: [aSetting(2)] }))
    expect(await store.mentionsOf(officeId, ana)).toEqual([second])
    expect(await store.mentionsOf(officeId, bo)).toEqual([others])
    expect(await store.get(officeId, 'mention', first.id)).toEqual(seen)
  })

  it('of 10,000 comments those of one dossier are found', async () => {
    const { store } = await make()
    const [here, there] = [freshId(), freshId()]
    const many = Array.from({ length: 10_000 }, (_, i) => aComment(i < 9_990 ? there : here))
    const officeId = await anOfficeIn(store, many.map(comment))
    expect(await store.comments(officeId, here)).toHaveLength(10)
    expect(await store.comments(officeId, there)).toHaveLength(9_990)
  })

  it('everybody’s comments on a dossier stand behind the fence of its note, in either order', async () => {
    const { store } = await make()
    const officeId = await anOfficeIn(store)
    const dossierId = freshId()
    const note = commentsNote(dossierId, someone)
    const fence = await store.fence(officeId, note)
    expect(await store.appendNotes([anAppend(officeId, note, 1, { fence })])).toEqual(['stored'])
    await store.commit(aCommit(officeId, 1, { fences: [dossierId] }))
    expect(await store.fence(officeId, note)).toBe(await store.fence(officeId, dossierId))
    expect(await store.appendNotes([anAppend(officeId, note, 2, { fence })])).toEqual(['fenced'])
    expect(await store.appendNotes([anAppend(officeId, note, 2, { fence: await store.fence(officeId, note) })])).toEqual(['stored'])
  })

  it('the longest ids there are name comments as well as notes', async () => {
    const { store } = await make()
    const officeId = await anOfficeIn(store)
    const note = commentsNote('d'.repeat(40), 'm'.repeat(40))
    const client = await store.grantClient(officeId, note, someone)
    expect(await store.appendNotes([anAppend(officeId, note, 1)])).toEqual(['stored'])
    expect(await store.clientsOf(officeId, note, someone)).toEqual([client])
    expect((await store.noteLengths(officeId, [note])).get(note)).toBe(1)
    expect((await store.note(officeId, note)).updates).toHaveLength(1)
  })

  it('a dossier that is dropped takes along its comments, their texts and mentions, and nothing of another', async () => {
    const { store } = await make()
    const { kept, gone, officeId, texts } = await twoDossiers(store)
    await store.commit(aCommit(officeId, 1, { drops: [{ kind: 'dossier', id: gone }], events: [aSetting(2)] }))
    expect(await store.comments(officeId, gone)).toEqual([])
    expect(await store.comments(officeId, kept)).toHaveLength(1)
    expect((await store.mentionsOf(officeId, someone)).map(({ dossierId }) => dossierId)).toEqual([kept])
    const lengths = await Promise.all(texts.map(async (note) => (await store.note(officeId, note)).updates.length))
    expect(lengths).toEqual([0, 0, 1, 1])
  })

  it('one that goes with a large commit does, too', async () => {
    const { store } = await make()
    const { kept, gone, officeId, texts } = await twoDossiers(store)
    const bulk = new TextEncoder().encode(JSON.stringify({ puts: [], drops: [{ kind: 'dossier', id: gone }] }))
    await store.commit(aCommit(officeId, 1, { bulk: [bulk], events: [aSetting(2)] }))
    expect(await store.comments(officeId, gone)).toEqual([])
    expect(await store.comments(officeId, kept)).toHaveLength(1)
    const lengths = await Promise.all(texts.map(async (note) => (await store.note(officeId, note)).updates.length))
    expect(lengths).toEqual([0, 0, 1, 1])
  })
}

/** Two with ids next to each other, each with a note, a comment and its text, and a mention; `texts`: first those of the one to go. */
async function twoDossiers(store: Made['store']) {
  const gone = freshId()
  const kept = `${gone}-`
  const records = [gone, kept].flatMap((id) => [put.dossier(aDossier({ id })), comment(aComment(id)), mention(aMention(id, someone))])
  const officeId = await anOfficeIn(store, records)
  const texts = [gone, commentsNote(gone, someone), kept, commentsNote(kept, someone)]
  for (const note of texts) await store.appendNotes([anAppend(officeId, note, 1)])
  return { gone, kept, officeId, texts }
}
