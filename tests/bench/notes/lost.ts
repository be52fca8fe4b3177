import { setTimeout as pause } from 'node:timers/promises'
import { getState } from 'yjs'
import { seeded } from '../../store/random.ts'
import type { Bench } from '../bench.ts'
import { firstLetter } from './letters.ts'
import type { Place } from './place.ts'
import { documentOf, readNote } from './reader.ts'
import { SideBySide } from './side-by-side.ts'
import type { Seen } from './sightings.ts'
import { startHocuspocus, startOurs, type Subject } from './subjects.ts'
import { Writers } from './writers.ts'

const [notes, writersEach, perWriter] = [10, 4, 15]
/** When within the storm the server is killed, in milliseconds. */
const killed = { earliest: 2_000, latest: 5_000 }

/** `kill -9` while ten notes are written in: of what colleagues had seen, how much is gone when the server is back. */
export async function lost(bench: Bench): Promise<void> {
  const office = await bench.offices.sample()
  const file = bench.offices.folder('hocuspocus-lost.db')
  const starts = [() => startOurs(bench, office), () => startHocuspocus(bench, file)]
  const table = new SideBySide('kill -9 in a storm of typing')
  const totals = [0, 0]
  const random = seeded(1)
  const rounds = bench.options.quick ? 1 : 5
  for (let round = 0; round < rounds; round++) {
    const afterMs = killed.earliest + random.int(killed.latest - killed.earliest)
    for (const [index, { name, seen, gone }] of (await storms(starts, round * notes, afterMs)).entries()) {
      table.add('letters that colleagues had seen', name, seen)
      table.add('of these gone (median of the rounds)', name, gone)
      totals[index] = (totals[index] ?? 0) + gone
    }
  }
  table.print(console.log)
  // all rounds together: a median would hide a single one
  bench.figures.ours('notes.lost', totals[0] ?? NaN)
  bench.figures.peer('notes.lost', totals[1] ?? NaN)
}

/** One storm on each server, all at once. */
function storms(starts: readonly (() => Promise<Subject>)[], firstNote: number, afterMs: number) {
  return Promise.all(starts.map((start) => storm(start, firstNote, afterMs)))
}

async function storm(start: () => Promise<Subject>, firstNote: number, afterMs: number) {
  const { name, server, place } = await start()
  const places: Place[] = []
  for (let note = 0; note < notes; note++)
    for (let writer = 0; writer < writersEach; writer++) places.push(await place(firstNote + note, writer))
  const writers = new Writers()
  await writers.open(places)
  await writers.storm(places.length * perWriter)
  await pause(afterMs)
  await server.kill()
  const seen = await writers.seen()
  writers.stop()
  const again = await start()
  const gone = await missing(again, firstNote, seen)
  await again.server.kill()
  return { name, seen: seen.reduce((sum, { end }) => sum + end - firstLetter, 0), gone }
}

/** How many letters that somebody had seen are in the note no more. */
async function missing({ place }: Subject, firstNote: number, seen: readonly Seen[]): Promise<number> {
  let gone = 0
  for (let index = 0; index < notes; index++) {
    const opened = await place(firstNote + index, 0)
    const doc = documentOf(await readNote(opened))
    for (const { note, clientId, end } of seen)
      if (note === opened.note) gone += Math.max(0, end - Math.max(firstLetter, getState(doc.store, clientId)))
  }
  return gone
}
