import type { Bench } from '../bench.ts'
import type { Place, Typed } from './place.ts'
import { SideBySide } from './side-by-side.ts'
import { startSubjects, stopSubjects, type Subject } from './subjects.ts'
import { Writers } from './writers.ts'

const perWriter = 15
/** An honest floor for who stores before it sends: the group commit of the design. */
const commitMs = 2
const names = ['ours', 'hocuspocus', 'y-websocket', 'raw relay'] as const

interface Crowd {
  notes: number
  writers: number
}

/** Ten notes with four writers each, and one with twenty, all at 15 letters a second: how soon colleagues see it, and at what price. */
export async function typing(bench: Bench): Promise<void> {
  const subjects = await startSubjects(bench, names)
  const writers = new Writers()
  const [many, one] = [new SideBySide('10 notes × 4 writers × 15 letters/s'), new SideBySide('1 note × 20 writers × 15 letters/s')]
  let next = 0
  for (let round = 0; bench.hasTimeFor(round); round++) {
    for (const subject of subjects) {
      note(many, subject, await crowd(bench, subject, writers, { notes: 10, writers: 4 }, next))
      note(one, subject, await crowd(bench, subject, writers, { notes: 1, writers: 20 }, next + 10))
    }
    next += 11
  }
  writers.stop()
  await stopSubjects(subjects)
  for (const table of [many, one]) table.print(console.log)
  const [p99, cpu] = ['p99 (ms)', 'CPU of all threads each (µs)']
  bench.figures.ours('notes.propagation.p99', many.of(p99, 'ours'))
  bench.figures.peer('notes.propagation.p99', many.of(p99, 'raw relay') + commitMs)
  bench.figures.ours('notes.cpu-per-delivered', many.of(cpu, 'ours'))
  bench.figures.peer('notes.cpu-per-delivered', many.of(cpu, 'hocuspocus'))
}

async function crowd(bench: Bench, subject: Subject, writers: Writers, { notes, writers: each }: Crowd, first: number): Promise<Typed> {
  const places: Place[] = []
  for (let note = 0; note < notes; note++)
    for (let writer = 0; writer < each; writer++) places.push(await subject.place(first + note, writer))
  await writers.open(places)
  const typed = await writers.type({
    perSecond: perWriter * places.length,
    warmMs: 1_000,
    measuredMs: bench.options.quick ? 2_000 : 4_000,
    serverPid: subject.server.pid,
  })
  await writers.close()
  if (typed.missing > 0) throw new Error(`${subject.name}: ${typed.missing} letters did not arrive`)
  return typed
}

function note(table: SideBySide, { name }: Subject, { p50Ms, p99Ms, serverCpuMs, delivered, clientLoad }: Typed): void {
  table.add('p50 (ms)', name, p50Ms)
  table.add('p99 (ms)', name, p99Ms)
  table.add('CPU of all threads each (µs)', name, (serverCpuMs * 1_000) / delivered)
  table.add('delivered in the measured time', name, delivered)
  table.add('the writers’ own load (cores)', name, clientLoad)
}
