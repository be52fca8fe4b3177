import { DatabaseSync } from 'node:sqlite'
import { noteField } from '#shared/contracts/notes-wire.ts'
import { openSqliteStore } from '../../../server/store/sqlite/open.ts'
import type { Bench } from '../bench.ts'
import { type History, writeHistory } from './history.ts'
import { documentOf, readNote } from './reader.ts'
import { SideBySide } from './side-by-side.ts'
import { dossierIds, startHocuspocus, startOurs, stopSubjects, type Subject } from './subjects.ts'

const edits = 100_000
/** Ours keeps the newest updates beside a snapshot of all before them; so many are a usual tail. */
const tail = 250
const opened = { warm: 2, perRound: 3 }

/** A note of 100,000 edits that is in no memory yet: from wanting to open it, the grant included, until all its bytes are there. */
export async function coldOpen(bench: Bench): Promise<void> {
  const history = writeHistory(bench.options.quick ? edits / 20 : edits, tail, 1)
  const copies = opened.warm + opened.perRound * bench.options.rounds
  const subjects = [await oursWith(bench, history, copies), await hocuspocusWith(bench, history, copies)]
  const table = new SideBySide(`${(history.whole.length / 1_000).toFixed(0)} KB from storage`)
  for (const subject of subjects) for (let note = 0; note < opened.warm; note++) await openOnce(subject, note, history)
  let next = opened.warm
  for (let round = 0; bench.hasTimeFor(round); round++, next += opened.perRound)
    for (const subject of subjects)
      for (let note = next; note < next + opened.perRound; note++)
        table.add('until all of it is there (ms)', subject.name, await openOnce(subject, note, history))
  await stopSubjects(subjects)
  table.print(console.log)
  bench.figures.ours('notes.cold-open', table.of('until all of it is there (ms)', 'ours'))
  bench.figures.peer('notes.cold-open', table.of('until all of it is there (ms)', 'hocuspocus + SQLite'))
}

async function openOnce({ name, place }: Subject, note: number, { text }: History): Promise<number> {
  const startedAt = performance.now()
  const updates = await readNote(await place(note, 0))
  const tookMs = performance.now() - startedAt
  if (documentOf(updates).getXmlFragment(noteField).toString() !== text) throw new Error(`${name} sent another text than it was given`)
  return tookMs
}

/** In the product's own store: the snapshot that its compaction makes, and the updates after it. */
async function oursWith(bench: Bench, { bytes, vector, last }: History, copies: number): Promise<Subject> {
  const office = await bench.offices.sample()
  const before = await bench.server('office', [office.dataDir])
  const notes = (await dossierIds(before.url, office.cookies[0] ?? '')).slice(0, copies)
  await before.stop()
  const store = await openSqliteStore({ dataDir: office.dataDir })
  const [officeId = ''] = await store.offices()
  for (const note of notes) {
    await store.rebuildNote(officeId, note, 1, { bytes, vector })
    const fence = await store.fence(officeId, note)
    await store.appendNotes(
      last.map((update, index) => ({ officeId, note, epoch: 2, seq: index + 1, memberId: 'bench', at: 0, bytes: update, fence })),
    )
  }
  await store.close()
  return startOurs(bench, office)
}

/** In the table that its extension keeps. */
async function hocuspocusWith(bench: Bench, { whole }: History, copies: number): Promise<Subject> {
  const file = bench.offices.folder('hocuspocus-cold.db')
  const subject = await startHocuspocus(bench, file)
  const db = new DatabaseSync(file)
  for (let note = 0; note < copies; note++) db.prepare('INSERT INTO "documents" ("name", "data") VALUES (?, ?)').run(`note-${note}`, whole)
  db.close()
  return subject
}
