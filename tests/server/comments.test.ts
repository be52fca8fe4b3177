import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import * as Y from 'yjs'
import type { CommentGrantsAnswer, CommentsAnswer, MentionsAnswer } from '#shared/contracts/answers/comment.ts'
import { type Comment, commentField, maxCommentLength } from '#shared/contracts/comment.ts'
import type { Command } from '#shared/contracts/commands.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { commentsNote } from '#shared/contracts/note-id.ts'
import type { NoteVersion, VersionKey } from '#shared/contracts/note-version.ts'
import { readerClient } from '#shared/contracts/notes-wire.ts'
import { isCommentEvent } from '#shared/domain/comments.ts'
import { newId } from '../../server/new-id.ts'
import { openSqliteStore } from '../../server/store/sqlite/open.ts'
import type { Store } from '../../server/store/store.ts'
import { imported } from '../harness/import.ts'
import type { Screen, SignedIn } from '../harness/member.ts'
import { type Person, startSampleOffice, type TestOffice } from '../harness/office.ts'
import { openTypist, storedText, type, type Typist, untilSaved } from '../harness/typist.ts'
import { diceFrom, oneOf } from '../notes/dice.ts'

const who: Person[] = ['admin', 'adviser', 'colleague', 'stranger', 'viewer']
let office: TestOffice
const members = {} as Record<Person, { http: SignedIn; screen: Screen }>
/** A dossier that everybody sees. */
let dossierId: Id

beforeAll(async () => {
  office = await startSampleOffice(who)
  for (const person of who) {
    const http = await office.signIn(person)
    members[person] = { http, screen: await http.open() }
  }
  dossierId = [...members.adviser.screen.workspace.rows.values()].find(({ status }) => status === 'client')!.id
})
afterAll(async () => {
  for (const { screen } of Object.values(members)) screen.close()
  await office?.stop()
})

const idOf = (person: Person) => members[person].screen.memberId
const send = (person: Person, command: Command) => members[person].screen.send(command)

async function answered<T>(person: Person, path: string): Promise<T> {
  const response = await members[person].http.get(`/api/v1${path}`)
  if (!response.ok) throw new Error(`${path}: ${response.status}`)
  return (await response.json()) as T
}
const commentsOn = (id = dossierId, person: Person = 'adviser') => answered<CommentsAnswer>(person, `/dossiers/${id}/comments`)
const mentionsOf = async (person: Person) => (await answered<MentionsAnswer>(person, '/mentions')).mentions
const commentOf = async (commentId: Id) => (await commentsOn()).comments.find(({ id }) => id === commentId)

async function begun(person: Person = 'adviser', on = dossierId): Promise<Id> {
  const commentId = newId()
  expect(await send(person, { type: 'comment.begin', dossierId: on, commentId, tab: 'general' })).toMatchObject({ ok: true })
  return commentId
}

/** The newest event of a comment on somebody's screen. */
function told(person: Person, commentId: Id) {
  const events = members[person].screen.applied.flatMap(({ items }) => items.flatMap((item) => (item.kind === 'event' ? item.event : [])))
  return events.filter(isCommentEvent).findLast(({ comment }) => comment.id === commentId)
}
const untilTold = (person: Person, commentId: Id, type: string) =>
  members[person].screen.until(`${person} hears of ${type}`, () => told(person, commentId)?.type === type)

it('S4.12 a comment shows as being written, and counts once its author validates it', async () => {
  const before = await commentsOn()
  const commentId = await begun()
  await untilTold('colleague', commentId, 'comment.begun')
  expect(await commentOf(commentId)).toMatchObject({
    authorId: idOf('adviser'),
    tab: 'general',
    validatedAt: null,
    inSynthesis: true,
    rule: null,
  })
  expect((await commentsOn()).counts).toEqual({ ...before.counts, writing: before.counts.writing + 1 })
  await send('adviser', { type: 'comment.validate', dossierId, commentId, mentions: [] })
  await untilTold('colleague', commentId, 'comment.validated')
  const { counts, comments } = await commentsOn()
  expect(counts).toEqual({ ...before.counts, counted: before.counts.counted + 1, inSynthesis: before.counts.inSynthesis + 1 })
  expect(comments[0]?.id).toBe(commentId)
  await send('adviser', { type: 'comment.validate', dossierId, commentId, mentions: [] })
  await untilTold('colleague', commentId, 'comment.edited')
  const edited = await commentOf(commentId)
  expect(edited?.editedAt).toBeGreaterThanOrEqual(edited?.validatedAt ?? Infinity)
})

it('S4.12 only its author edits, ticks, moves and deletes a comment: 500 forged by the socket and 500 by the API are refused', async () => {
  const commentId = await begun()
  const one = { dossierId, commentId }
  const commands: Command[] = [
    { type: 'comment.validate', ...one, mentions: [] },
    { type: 'comment.setSynthesis', ...one, inSynthesis: false },
    { type: 'comment.setTab', ...one, tab: 'credit' },
    { type: 'comment.delete', ...one },
  ]
  const before = await commentOf(commentId)
  for (const person of ['admin', 'colleague', 'viewer'] as const) {
    for (const command of commands) {
      expect(await send(person, command)).toMatchObject({ ok: false, refusal: { code: 'forbidden' } })
      expect(await members[person].http.command(command)).toMatchObject({ status: 403 })
    }
  }
  expect(await commentOf(commentId)).toEqual(before)
  const seed = Date.now() % 1_000_000
  console.log(`seed ${seed}`)
  const dice = diceFrom(seed)
  const elsewhere = [...members.admin.screen.workspace.rows.keys()].slice(0, 20)
  const reasons = ['forbidden', 'notFound', 'idTaken']
  const forge = async (way: 'socket' | 'API'): Promise<void> => {
    const person = oneOf(dice, ['admin', 'colleague', 'stranger', 'viewer'] as const)
    const at = { dossierId: dice(4) === 0 ? oneOf(dice, elsewhere) : dossierId, commentId }
    const forged = { ...oneOf(dice, [...commands, { type: 'comment.begin' as const, ...one, tab: 'general' as const }]), ...at }
    if (way === 'API') return expect([403, 404, 409]).toContain((await members[person].http.command(forged)).status)
    const answer = await send(person, forged)
    expect(reasons).toContain(answer.ok ? 'done' : answer.refusal.code)
  }
  const ways = Array.from({ length: 25 }, () => ['socket', 'API'] as const).flat()
  for (let sent = 0; sent < 1_000; sent += ways.length) await Promise.all(ways.map(forge))
  expect(await commentOf(commentId)).toEqual(before)
  expect(await send('viewer', { type: 'comment.begin', dossierId, commentId: newId(), tab: 'general' })).toMatchObject({ ok: false })
  expect(await send('colleague', { type: 'comment.begin', ...one, tab: 'general' })).toEqual({ ok: false, refusal: { code: 'idTaken' } })
})

it('S4.12 synthesis and tab are changed by commands, and go back by an undo unless they were changed since', async () => {
  const commentId = await begun()
  const one = { dossierId, commentId }
  const undone = newId()
  await members.adviser.screen.send({ type: 'comment.setTab', ...one, tab: 'children' }, { id: undone })
  await send('adviser', { type: 'comment.setSynthesis', ...one, inSynthesis: false })
  expect(await commentOf(commentId)).toMatchObject({ tab: 'children', inSynthesis: false })
  expect(await send('adviser', { type: 'change.undo', commandId: undone })).toMatchObject({ ok: true })
  expect(await commentOf(commentId)).toMatchObject({ tab: 'general', inSynthesis: false })
  const again = await send('adviser', { type: 'change.undo', commandId: undone })
  expect(again).toEqual({ ok: false, refusal: { code: 'undoNotPossible', reason: 'alreadyUndone' } })
  const moved = newId()
  await members.adviser.screen.send({ type: 'comment.setTab', ...one, tab: 'assets' }, { id: moved })
  await send('adviser', { type: 'comment.setTab', ...one, tab: 'credit' })
  const late = await send('adviser', { type: 'change.undo', commandId: moved })
  expect(late).toMatchObject({ ok: false, refusal: { code: 'changedSince' } })
})

it('S4.12 a mention rings for the member it names, live, and stays in their list until seen', async () => {
  const commentId = await begun()
  await send('adviser', { type: 'comment.validate', dossierId, commentId, mentions: [idOf('colleague'), idOf('adviser')] })
  await untilTold('colleague', commentId, 'comment.validated')
  expect(told('colleague', commentId)?.mentions).toMatchObject([{ memberId: idOf('colleague'), by: idOf('adviser') }])
  const [mention] = (await mentionsOf('colleague')).filter((each) => each.commentId === commentId)
  expect(mention).toMatchObject({ dossierId, seenAt: null })
  expect(await mentionsOf('adviser')).toEqual([])
  // what was validated again does not ring again
  await send('adviser', { type: 'comment.validate', dossierId, commentId, mentions: [idOf('colleague')] })
  expect((await mentionsOf('colleague')).filter((each) => each.commentId === commentId)).toHaveLength(1)
  await send('admin', { type: 'mention.see', mentionIds: [mention!.id] })
  expect(await mentionsOf('colleague')).toContainEqual(mention)
  await send('colleague', { type: 'mention.see', mentionIds: [mention!.id] })
  expect(await mentionsOf('colleague')).not.toContainEqual(mention)
  const seen = (person: Person) =>
    members[person].screen.applied.flatMap(({ items }) => items).some((item) => item.kind === 'event' && item.event.type === 'mention.seen')
  await members.colleague.screen.until('it left the list on the screen as well', () => seen('colleague'))
  const at = members.colleague.screen.at
  await members.admin.screen.until('the admin has caught up', (screen) => screen.at >= at)
  expect(seen('admin')).toBe(false)
})

it('S4.12 of a deleted comment the place stays, with time and author; it is told, and not taken back', async () => {
  const commentId = await begun()
  await send('adviser', { type: 'comment.validate', dossierId, commentId, mentions: [idOf('colleague')] })
  const id = newId()
  await members.adviser.screen.send({ type: 'comment.delete', dossierId, commentId }, { id })
  await untilTold('colleague', commentId, 'comment.deleted')
  const deleted = (await commentOf(commentId)) as Comment
  expect(deleted).toMatchObject({ authorId: idOf('adviser'), mentions: [] })
  expect(deleted.deletedAt).toBeGreaterThan(0)
  expect((await mentionsOf('colleague')).map((mention) => mention.commentId)).not.toContain(commentId)
  const one = { dossierId, commentId }
  const commands: Command[] = [
    { type: 'comment.delete', ...one },
    { type: 'comment.validate', ...one, mentions: [] },
  ]
  for (const command of commands) {
    const refused = await send('adviser', command)
    expect(refused).toEqual({ ok: false, refusal: { code: 'notFound', what: 'comment' } })
  }
  expect(await send('adviser', { type: 'change.undo', commandId: id })).toMatchObject({ ok: false, refusal: { code: 'undoNotPossible' } })
})

it('L4 the history says that a comment counts and that it is gone, not that it was begun', async () => {
  const commentId = await begun()
  await send('adviser', { type: 'comment.validate', dossierId, commentId, mentions: [] })
  await send('adviser', { type: 'comment.delete', dossierId, commentId })
  const { history } = await members.colleague.http.page(dossierId)
  const said = history.filter((entry) => entry.commentId === commentId).map(({ type, by }) => [type, by])
  expect(said).toEqual([
    ['comment.deleted', idOf('adviser')],
    ['comment.validated', idOf('adviser')],
  ])
})

it('S4.12 one question grants every author’s comments to read, and one’s own to write', async () => {
  await begun('admin')
  await begun('colleague')
  const granted = async (person: Person) => {
    const response = await members[person].http.post(`/api/v1/dossiers/${dossierId}/comments/grants`, {})
    expect(response.status).toBe(200)
    return ((await response.json()) as CommentGrantsAnswer).grants
  }
  const grants = await granted('colleague')
  expect(new Set(grants.map(({ authorId }) => authorId))).toEqual(new Set([idOf('adviser'), idOf('admin'), idOf('colleague')]))
  for (const { authorId, note, clientId, mayWrite } of grants) {
    const isOwn = authorId === idOf('colleague')
    expect([note, mayWrite, clientId === readerClient]).toEqual([commentsNote(dossierId, authorId), isOwn, !isOwn])
  }
  expect((await granted('viewer')).every(({ mayWrite, clientId }) => !mayWrite && clientId === readerClient)).toBe(true)
  const again = await granted('colleague')
  const own = (some: typeof grants) => some.find(({ mayWrite }) => mayWrite)?.clientId
  expect(own(again)).not.toBe(own(grants))
})

it('S4.12 a mention of somebody who may not see the dossier is refused, naming them; who lost the right is told nothing', async () => {
  const { screen } = members.adviser
  const all = screen.workspace.rows.size
  await send('admin', { type: 'office.changeSettings', seesWhat: 'own' })
  await screen.until('only what is their own is there', () => screen.frame.office.seesWhat === 'own' && screen.resyncs > 0)
  const { id: own, divisionId } = [...screen.workspace.rows.values()].find((row) => row.divisionId !== null && row.status === 'client')!
  const commentId = await begun('adviser', own)
  const stranger = screen.frame.members.find(({ id }) => id === idOf('stranger'))!
  const refused = await send('adviser', { type: 'comment.validate', dossierId: own, commentId, mentions: [stranger.id, idOf('admin')] })
  expect(refused).toEqual({ ok: false, refusal: { code: 'mentionNotPossible', memberIds: [stranger.id], names: [stranger.name] } })
  await send('admin', { type: 'member.linkDivision', memberId: stranger.id, divisionId: divisionId!, linked: true })
  expect(await send('adviser', { type: 'comment.validate', dossierId: own, commentId, mentions: [stranger.id] })).toMatchObject({
    ok: true,
  })
  expect((await mentionsOf('stranger')).map((mention) => mention.commentId)).toContain(commentId)
  await send('admin', { type: 'member.linkDivision', memberId: stranger.id, divisionId: divisionId!, linked: false })
  expect((await mentionsOf('stranger')).map((mention) => mention.commentId)).not.toContain(commentId)
  // the same answers are there for who may see it
  const [{ epoch, seq }, typist] = await named(own, 'Sent')
  const statuses = async ({ http }: (typeof members)[Person]) => {
    const read = ['comments', 'note/versions', `note/versions/${epoch}/${seq}`, 'note/authors', 'history']
    const reads = read.map((path) => http.get(`/api/v1/dossiers/${own}/${path}`))
    const written = [http.post(`/api/v1/dossiers/${own}/comments/grants`, {}), http.post(versionsOf(own), { name: 'Mine' })]
    return (await Promise.all([...reads, ...written])).map(({ status }) => status)
  }
  expect(await statuses(members.stranger)).toEqual(Array(7).fill(404))
  expect(await statuses(members.admin)).toEqual(Array(7).fill(200))
  typist.session.destroy()
  await send('admin', { type: 'office.changeSettings', seesWhat: 'everyone' })
  await screen.until('everything is there again', () => screen.workspace.rows.size >= all, 30_000)
})

const versionsOf = (id: Id) => `/api/v1/dossiers/${id}/note/versions`

/** Writes in a dossier's note and keeps that under a name, for the adviser. */
async function named(id: Id, name: string): Promise<[VersionKey, Typist]> {
  const typist = await openTypist(members.adviser.http, id)
  type(typist, () => 0)
  await untilSaved([typist])
  return [(await (await members.adviser.http.post(versionsOf(id), { name })).json()) as VersionKey, typist]
}

it('S4.15 where as many versions have a name as may no more get one, and one that has a name gets another', async () => {
  const { id } = [...members.adviser.screen.workspace.rows.values()].findLast(({ status }) => status === 'client')!
  const [version, typist] = await named(id, 'Sent')
  const database = new DatabaseSync(join(office.dataDir, 'office.db'), { timeout: 10_000 })
  const columns = 'office, note, at, authors, name, named_by, reason, size, bytes'
  const more = 'WITH RECURSIVE more (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM more WHERE number < 199)'
  database
    .prepare(
      `${more} INSERT INTO note_versions (epoch, seq, ${columns}) SELECT 0, number, ${columns} FROM note_versions, more WHERE note = ?`,
    )
    .run(id)
  database.close()
  const name = async (body: object) => (await members.adviser.http.post(versionsOf(id), body)).status
  expect(await name({ name: 'Sent to the bank', version })).toBe(200)
  type(typist, () => 0)
  await untilSaved([typist])
  expect(await name({ name: 'One more' })).toBe(422)
  const { versions } = await answered<{ versions: NoteVersion[] }>('adviser', `/dossiers/${id}/note/versions`)
  expect(versions).toHaveLength(200)
  expect(versions.at(-1)).toMatchObject({ ...version, name: 'Sent to the bank' })
  typist.session.destroy()
})

it('S4.13 marking a child as in alternating custody writes one comment on each open dossier of the client, once', async () => {
  const { screen } = members.adviser
  const open = [...screen.workspace.rows.values()].filter(({ status }) => status === 'client' || status === 'prospect')
  const [clientId, dossiers] = [...Map.groupBy(open, (row) => row.clientId)].find(([, rows]) => rows.length > 1)!
  const ids = dossiers.map(({ id }) => id)
  const automatic = async () => {
    const all = await Promise.all(ids.map((id) => commentsOn(id)))
    return all.map(({ comments }) => comments.filter(({ about }) => about?.childName === 'Noa'))
  }
  const { client } = await members.adviser.http.page(ids[0]!)
  const custody = (now: 'home' | 'alternating') =>
    members.adviser.screen.send({
      type: 'client.edit',
      clientId,
      fields: { children: [...client.children, { name: 'Noa', birthDate: '2016-05-04', custody: now }] },
    })
  await custody('home')
  expect((await automatic()).flat()).toEqual([])
  expect(await custody('alternating')).toMatchObject({ ok: true })
  const written = await automatic()
  for (const [i, comments] of written.entries()) {
    expect(comments).toMatchObject([{ dossierId: ids[i], authorId: null, rule: 'alternatingCustody', inSynthesis: false, deletedAt: null }])
  }
  const [first] = written[0]!
  await untilTold('colleague', first!.id, 'comment.written')
  // nothing personal stands in what is told, and kept in the log
  expect(told('colleague', first!.id)?.comment.about).toBeNull()
  await custody('home')
  await custody('alternating')
  expect((await automatic()).flat()).toHaveLength(ids.length)
  // whoever may comment ticks it; nobody deletes it
  const one = { dossierId: ids[0]!, commentId: first!.id }
  expect(await send('viewer', { type: 'comment.setSynthesis', ...one, inSynthesis: true })).toMatchObject({ ok: false })
  expect(await send('colleague', { type: 'comment.setSynthesis', ...one, inSynthesis: true })).toMatchObject({ ok: true })
  expect((await automatic())[0]).toMatchObject([{ inSynthesis: true }])
  for (const person of ['admin', 'adviser'] as const) {
    expect(await send(person, { type: 'comment.delete', ...one })).toMatchObject({ ok: false, refusal: { code: 'forbidden' } })
  }
})

it('S4.13 the rules are switched off by admins alone; a dossier made while one is on has its comment from the first', async () => {
  const { screen } = members.adviser
  const client = { id: newId(), new: { firstName: 'Io', lastName: 'Vos' } }
  const made = async (given: { id: Id } | typeof client) => {
    const id = newId()
    await send('adviser', { type: 'dossier.create', dossierId: id, client: given, kind: 'mortgage', title: 'A house', amount: null })
    return (await commentsOn(id)).comments
  }
  expect(await made(client)).toEqual([])
  expect(await send('adviser', { type: 'office.changeSettings', commentRulesOff: ['alternatingCustody'] })).toMatchObject({ ok: false })
  await send('admin', { type: 'office.changeSettings', commentRulesOff: ['alternatingCustody'] })
  await screen.until('the rule is off on every screen', ({ frame }) => frame.office.commentRulesOff?.length === 1)
  const children = [{ name: 'Noa', birthDate: null, custody: 'alternating' as const }]
  await send('adviser', { type: 'client.edit', clientId: client.id, fields: { children } })
  expect(await made({ id: client.id })).toEqual([])
  await send('admin', { type: 'office.changeSettings', commentRulesOff: [] })
  expect(await made({ id: client.id })).toMatchObject([{ rule: 'alternatingCustody', about: { childName: 'Noa', birthDate: null } }])
})

it('S4.13 a file that marks a child as in alternating custody writes the comment on the client’s open dossiers, once', async () => {
  const { client } = await members.adviser.http.page(dossierId)
  const about = { childName: 'Zed', birthDate: '2019-01-02' }
  const rows = (custody: string) => `client_ref,last_name,children\n${client.reference},${client.lastName},Zed:2019-01-02:${custody}`
  const automatic = async () => (await commentsOn()).comments.filter((comment) => comment.about?.childName === 'Zed')
  for (const custody of ['alternating', 'home', 'alternating']) {
    expect(await imported(members.admin.http, 'clients', rows(custody))).toMatchObject({ state: 'done' })
  }
  expect(await automatic()).toMatchObject([
    { rule: 'alternatingCustody', about, authorId: null, inSynthesis: false, validatedAt: expect.any(Number) },
  ])
  expect((await automatic())[0]?.at).toBeGreaterThan(0)
})

it('S4.12 the text of a deleted comment leaves every screen and the store, and nothing is left to be done', async () => {
  const commentId = 'comment000000001'
  const note = commentsNote(dossierId, idOf('adviser'))
  await send('adviser', { type: 'comment.begin', dossierId, commentId, tab: 'general' })
  const typist = await openTypist(members.adviser.http, note)
  type(typist, () => 0)
  await untilSaved([typist])
  const read = async <T>(ask: (store: Store) => Promise<T>): Promise<T> => {
    const store = await openSqliteStore({ dataDir: office.dataDir, readOnly: true })
    return ask(store).finally(() => store.close())
  }
  const officeId = members.adviser.screen.frame.office.id
  expect(await read((store) => storedText(store, officeId, note))).toContain('line')
  const emptied = new Promise((resolve) => typist.session.doc?.on('update', resolve))
  await send('adviser', { type: 'comment.delete', dossierId, commentId })
  await emptied
  expect(await read((store) => storedText(store, officeId, note))).toBe('')
  const left = () => read((store) => store.all(officeId, 'erasure'))
  for (let looks = 0; looks < 200 && (await left()).length > 0; looks++) await commentsOn()
  expect(await left()).toEqual([])
  typist.session.destroy()
})

it('S4.12 a comment of more than a million characters is refused in words, and its text stays to be copied', async () => {
  const dossier = [...members.colleague.screen.workspace.rows.values()].find(({ id, status }) => status === 'client' && id !== dossierId)!
  const one = { dossierId: dossier.id, commentId: 'comment000000001-' }
  await send('colleague', { type: 'comment.begin', ...one, tab: 'general' })
  const typist = await openTypist(members.colleague.http, commentsNote(dossier.id, idOf('colleague')))
  const half = new Y.XmlText('x'.repeat(maxCommentLength / 2))
  const more = new Y.XmlText('x'.repeat(maxCommentLength / 2 + 1))
  const paragraphs = [half, more].map((text) => {
    const paragraph = new Y.XmlElement('paragraph')
    paragraph.insert(0, [text])
    return paragraph
  })
  typist.session.doc!.getXmlFragment(commentField(one.commentId)).push(paragraphs)
  await untilSaved([typist])
  const refused = await send('colleague', { type: 'comment.validate', ...one, mentions: [] })
  expect(refused).toEqual({ ok: false, refusal: { code: 'commentTooLong', length: maxCommentLength + 1, most: maxCommentLength } })
  expect(half.length + more.length).toBe(maxCommentLength + 1)
  more.delete(0, 1)
  await untilSaved([typist])
  expect(await send('colleague', { type: 'comment.validate', ...one, mentions: [] })).toMatchObject({ ok: true })
  typist.session.destroy()
})
