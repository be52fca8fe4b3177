import { z } from 'zod'
import { Id } from '#shared/contracts/ids.ts'
import { NameVersion, NoteAuthors, VersionsAnswer } from '#shared/contracts/note-version.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import { type Actor, can } from '#shared/domain/access.ts'
import type { NotesServer } from '../../rooms/notes-server.ts'
import type { Store } from '../../store/store.ts'
import { refused } from './answers.ts'
import { type Api, serve } from './route.ts'
import { SinceText } from './workspace.ts'

const params = z.object({ id: Id })
const unknown: Refusal = { code: 'notFound', what: 'dossier' }
/** How many versions of a note may have a name: those are kept for good. */
const mostNamed = 200
const Key = z.strictObject({ epoch: z.number(), seq: z.number() })

interface VersionOptions {
  store: Pick<Store, 'get'>
  notes: Pick<NotesServer, 'versions'>
}

/** The kept states of a dossier's note, and who wrote what in it: for whoever may see the note. */
export function serveNoteVersions(api: Api, { store, notes }: VersionOptions): void {
  /** What there is of the note for this member; null: no such dossier that they may see. */
  async function open(actor: Actor, dossierId: Id) {
    const { officeId } = actor
    const dossier = await store.get(officeId, 'dossier', dossierId)
    if (!dossier || !can(actor, 'dossier.read', dossier)) return null
    return { place: { officeId, note: dossierId }, mayWrite: can(actor, 'note.write', dossier) }
  }

  serve(
    api,
    {
      method: 'get',
      path: '/dossiers/{id}/note/versions',
      tag: 'dossiers',
      summary: 'The kept states of the note, oldest first, without their text.',
      params,
      unknown,
      answer: VersionsAnswer,
    },
    async (c, { params: { id } }) => {
      const opened = await open(c.get('actor'), id)
      if (!opened) return refused(c, unknown)
      return c.json({ versions: await notes.versions.list(opened.place) })
    },
  )
  serve(
    api,
    {
      method: 'get',
      path: '/dossiers/{id}/note/versions/{epoch}/{seq}',
      tag: 'dossiers',
      summary: 'The text of a kept state, as one Yjs update (V1).',
      params: z.object({ id: Id, epoch: SinceText, seq: SinceText }),
      unknown,
      answer: z.string().meta({ format: 'binary' }),
      answerTypes: ['application/octet-stream'],
    },
    async (c, { params: { id, ...key } }) => {
      const opened = await open(c.get('actor'), id)
      const bytes = opened && (await notes.versions.read(opened.place, key))
      return bytes ? c.body(bytes, 200, { 'content-type': 'application/octet-stream' }) : refused(c, unknown)
    },
  )
  serve(
    api,
    {
      method: 'post',
      path: '/dossiers/{id}/note/versions',
      tag: 'dossiers',
      summary: 'Keeps the note as it is under a name, or names a state that is kept.',
      params,
      unknown,
      body: NameVersion,
      answer: Key,
      refusals: [403, 404],
    },
    async (c, { params: { id }, body: { name, version } }) => {
      const actor = c.get('actor')
      const opened = await open(actor, id)
      if (!opened) return refused(c, unknown)
      if (!opened.mayWrite) return refused(c, { code: 'forbidden', action: 'note.write' })
      const named = (await notes.versions.list(opened.place)).filter((kept) => kept.name !== null)
      const isNamed = named.some(({ epoch, seq }) => epoch === version?.epoch && seq === version.seq)
      if (named.length >= mostNamed && !isNamed)
        return refused(c, { code: 'invalid', issues: [{ field: 'name', reason: `at most ${mostNamed} names` }] })
      const given = { text: name, by: actor.memberId }
      if (version) return (await notes.versions.name(opened.place, version, given)) ? c.json(version) : refused(c, unknown)
      const key = await notes.versions.keep(opened.place, { reason: 'named', name: given })
      return key ? c.json(key) : refused(c, { code: 'invalid', issues: [{ field: 'name', reason: 'of a note that is written' }] })
    },
  )
  serve(
    api,
    {
      method: 'get',
      path: '/dossiers/{id}/note/authors',
      tag: 'dossiers',
      summary: 'Who wrote and deleted what in the note, and when.',
      params,
      unknown,
      answer: NoteAuthors,
    },
    async (c, { params: { id } }) => {
      const opened = await open(c.get('actor'), id)
      return opened ? c.json(await notes.versions.authors(opened.place)) : refused(c, unknown)
    },
  )
}
