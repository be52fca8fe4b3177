import * as Y from 'yjs'
import type { Id } from '#shared/contracts/ids.ts'
import type { NoteAuthors, NoteVersion, VersionKey } from '#shared/contracts/note-version.ts'
import { noteField } from '#shared/contracts/notes-wire.ts'
import { openSqliteStore } from '../../../server/store/sqlite/open.ts'
import { compare } from '../../../src/lib/notes/versions/compare.ts'
import { Authors } from '../../../src/lib/notes/versions/note-authors.ts'
import { type SignedIn, signedIn } from '../../harness/member.ts'
import type { Bench } from '../bench.ts'
import { quantile } from '../statistics.ts'
import { arrived, typeLetters } from './letters.ts'
import { BenchTab } from './tab.ts'

const edits = 1_000
/** Between two versions: so a thousand edits leave 20, as a day's work with its pauses does. */
const editsAVersion = 50
const words = ['rente ', 'looptijd ', 'de klant vraagt ', 'a', ', ', '. ', 'hypotheek ', '€ 250.000 ']
/** Below what a note may have under a name. */
const versionsMade = 150
const warmingUp = 20
const writers = 3

/** A note's kept versions: the space they take, opening their list, comparing the oldest with today, and a letter while others are made. */
export async function versions(bench: Bench): Promise<void> {
  const { dataDir, cookies } = await bench.offices.sample()
  const dossiers = await openDossiers(dataDir)
  const server = await bench.server('office', [dataDir])
  try {
    for (let round = 0; bench.hasTimeFor(round); round++) {
      const member = signedIn(server.url, cookies[0] ?? '')
      const tabs = cookies.slice(0, writers).map((cookie) => new BenchTab(server.url, cookie))
      await keepAndCompare(bench, member, tabs, dossiers[2 * round] ?? '')
      await typeMeanwhile(bench, member, tabs, dossiers[2 * round + 1] ?? '')
      for (const tab of tabs) tab.close()
    }
  } finally {
    await server.stop()
  }
}

async function keepAndCompare({ figures }: Bench, member: SignedIn, tabs: readonly BenchTab[], dossierId: Id): Promise<void> {
  const docs = await openedBy(tabs, dossierId)
  const [now] = docs
  let updates = 0
  for (const doc of docs) doc.on('update', (bytes: Uint8Array, _origin, _doc, { local }) => (updates += local ? bytes.length : 0))
  for (let edit = 1; edit <= edits; edit++) {
    await edited(docs, edit)
    if (edit % editsAVersion === 0) await keep(member, dossierId, `After ${edit}`)
  }
  const openedAt = performance.now()
  const [list, told] = await Promise.all([listOf(member, dossierId), authorsOf(member, dossierId)])
  const authors = new Authors(told)
  figures.ours(`versions, their list open: ${list.length} of a note of ${edits} edits (ms)`, performance.now() - openedAt)
  const figure = `versions, bytes per 1,000 edits: ${list.length} kept, peer: the edits themselves (KB)`
  figures.ours(figure, list.reduce((sum, { size }) => sum + size, 0) / 1e3)
  figures.peer(figure, updates / 1e3)
  const comparedAt = performance.now()
  compare(await textOf(member, dossierId, list[0] as NoteVersion), now, authors)
  figures.ours('versions, the oldest fetched and compared with the note (ms)', performance.now() - comparedAt)
}

/** Letters while one version after the other is made of the same note; the peer: the same letters when none is. */
async function typeMeanwhile({ figures }: Bench, member: SignedIn, [author, reader]: readonly BenchTab[], dossierId: Id): Promise<void> {
  if (!author || !reader) throw new Error('there are too few members')
  const note = [await author.open(dossierId), await reader.open(dossierId)] as const
  // of a note in which nothing is written no version is kept
  await typeLetters(...note, noteField, (typed) => typed === warmingUp)
  let isMaking = true
  const making = (async () => {
    for (let made = 1; made <= versionsMade; made++) await keep(member, dossierId, `Version ${made}`)
  })().finally(() => (isMaking = false))
  const [meanwhile] = await Promise.all([typeLetters(...note, noteField, () => !isMaking), making])
  const alone = await typeLetters(...note, noteField, (typed) => typed === meanwhile.length)
  for (const share of [0.5, 0.99]) {
    const figure = `letter until a colleague sees it, p${share * 100}, while ${versionsMade} versions are made, peer: while none is (ms)`
    figures.ours(figure, quantile(meanwhile, share))
    figures.peer(figure, quantile(alone, share))
  }
  figures.ours('letters typed while they are made', meanwhile.length)
}

/** One of the writers types a few words, or takes some away, at any place; resolves when the others have it. */
async function edited(docs: readonly Y.Doc[], edit: number): Promise<void> {
  const writer = docs[edit % docs.length] as Y.Doc
  const fragment = writer.getXmlFragment(noteField)
  if (fragment.length === 0 || edit % 40 === 0) fragment.push([paragraph()])
  // spread over the note, and the same in each round
  const block = fragment.get((edit * 7) % fragment.length) as Y.XmlElement
  const text = block.get(0) as Y.XmlText
  const place = (edit * 13) % (text.length + 1)
  if (edit % 6 === 0 && text.length - place > 4) text.delete(place, 4)
  else text.insert(place, words[edit % words.length] ?? '')
  await Promise.all(docs.filter((doc) => doc !== writer).map((doc) => arrived(writer, doc)))
}

function paragraph(): Y.XmlElement {
  const element = new Y.XmlElement('paragraph')
  element.insert(0, [new Y.XmlText()])
  return element
}

async function openedBy(tabs: readonly BenchTab[], dossierId: Id): Promise<[Y.Doc, ...Y.Doc[]]> {
  const docs = (await Promise.all(tabs.map((tab) => tab.open(dossierId)))).flatMap(({ doc }) => (doc ? [doc] : []))
  const [first, ...others] = docs
  if (!first || docs.length < tabs.length) throw new Error('the text is not there')
  return [first, ...others]
}

async function keep(member: SignedIn, dossierId: Id, name: string): Promise<void> {
  const response = await member.post(`/api/v1/dossiers/${dossierId}/note/versions`, { name })
  if (!response.ok) throw new Error(`no version: ${response.status} ${await response.text()}`)
  await response.arrayBuffer()
}

async function asked(member: SignedIn, path: string): Promise<Response> {
  const response = await member.get(path)
  if (!response.ok) throw new Error(`${path}: ${response.status}`)
  return response
}

async function listOf(member: SignedIn, dossierId: Id): Promise<NoteVersion[]> {
  return ((await (await asked(member, `/api/v1/dossiers/${dossierId}/note/versions`)).json()) as { versions: NoteVersion[] }).versions
}

async function authorsOf(member: SignedIn, dossierId: Id): Promise<NoteAuthors> {
  return (await (await asked(member, `/api/v1/dossiers/${dossierId}/note/authors`)).json()) as NoteAuthors
}

async function textOf(member: SignedIn, dossierId: Id, { epoch, seq }: VersionKey): Promise<Y.Doc> {
  const doc = new Y.Doc()
  const response = await asked(member, `/api/v1/dossiers/${dossierId}/note/versions/${epoch}/${seq}`)
  Y.applyUpdate(doc, new Uint8Array(await response.arrayBuffer()))
  return doc
}

/** Of an office that no server has open. */
async function openDossiers(dataDir: string): Promise<Id[]> {
  const store = await openSqliteStore({ dataDir })
  const [officeId] = await store.offices()
  if (!officeId) throw new Error('there is no office')
  const { rows } = await store.rows(officeId)
  await store.close()
  return rows.filter(({ status }) => status === 'client').map(({ id }) => id)
}
