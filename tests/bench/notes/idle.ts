import type { Bench } from '../bench.ts'
import type { Held } from '../servers/watch.ts'
import type { Place } from './place.ts'
import { SideBySide } from './side-by-side.ts'
import { startSubjects, stopSubjects, type Subject } from './subjects.ts'
import { Writers } from './writers.ts'

const names = ['ours', 'hocuspocus', 'y-websocket', 'raw relay'] as const
/** Opened before: what the first notes of a process cost is not what a note costs. */
const before = 300
const counted = 2_000
/** After so long nothing of an idle note moves any more, in milliseconds: ours lets go of documents 20 to 30 s after the last word. */
const restMs = 32_000

/**
 * Memory of 2,000 open notes in which nobody does anything, a page of text and a socket each: what the server's process holds after its
 * garbage is collected, less what it held with the notes before them.
 */
export async function idle(bench: Bench): Promise<void> {
  const subjects = await startSubjects(bench, names)
  const writers = new Writers()
  const [few, more] = bench.options.quick ? [50, 200] : [before, counted]
  await open(subjects, writers, 0, few)
  const base = await held(subjects)
  await open(subjects, writers, few, more)
  const then = await held(subjects)
  const table = new SideBySide(`${more} idle notes, each (KB)`)
  for (const [index, { name }] of subjects.entries()) {
    const [{ rss = NaN, heapAndExternal = NaN } = {}, now] = [base[index], then[index]]
    table.add('resident memory', name, ((now?.rss ?? NaN) - rss) / more / 1_000)
    table.add('heap and what hangs on it', name, ((now?.heapAndExternal ?? NaN) - heapAndExternal) / more / 1_000)
  }
  writers.stop()
  await stopSubjects(subjects)
  table.print(console.log)
  bench.figures.ours('notes.idle-memory', table.of('resident memory', 'ours'))
  bench.figures.peer('notes.idle-memory', table.of('resident memory', 'hocuspocus'))
}

async function open(subjects: readonly Subject[], writers: Writers, first: number, count: number): Promise<void> {
  const places: Place[] = []
  for (let note = first; note < first + count; note++) places.push(...(await Promise.all(subjects.map(({ place }) => place(note, 0)))))
  await writers.idle(places)
}

async function held(subjects: readonly Subject[]): Promise<Held[]> {
  await new Promise((resolve) => setTimeout(resolve, restMs))
  return Promise.all(subjects.map(({ server }) => server.held()))
}
