import type { Bench } from '../bench.ts'
import type { Place, Typed } from './place.ts'
import { SideBySide } from './side-by-side.ts'
import { startSubjects, stopSubjects, type Subject, type SubjectName } from './subjects.ts'
import { Writers } from './writers.ts'

const names = ['ours', 'hocuspocus', 'y-websocket', 'raw relay'] as const
/** The others are measured once: they are there for the picture. */
const compared: readonly SubjectName[] = ['ours', 'hocuspocus']
const [notes, writersEach] = [10, 4]
/** Letters a second of all writers together, at the beginning of the ramp. */
const firstRate = 2_000
const leastRate = 100
/** From one rate to the next; between the last that went and the first that did not, so many are tried, each half-way. */
const step = 1.5
const refinements = 3
const withinMs = 100
/** The writers themselves are to keep up, or nothing was measured. */
const keptUp = 0.97

/** The highest rate of letters at which 99 % of them are with each colleague within 100 ms: ten notes with four writers each. */
export async function capacity(bench: Bench): Promise<void> {
  const subjects = await startSubjects(bench, names)
  const writers = new Writers()
  const table = new SideBySide('highest rate with p99 under 100 ms')
  for (let round = 0; bench.hasTimeFor(round); round++) {
    for (const subject of round === 0 ? subjects : subjects.filter(({ name }) => compared.includes(name))) {
      const best = await ramp(bench, subject, writers, round * notes)
      table.add('letters sent (per s)', subject.name, best.perSecond)
      table.add('p99 there (ms)', subject.name, best.p99Ms)
      table.add('CPU of all threads each (µs)', subject.name, (best.serverCpuMs * 1_000) / best.delivered)
      table.add('the server’s load (cores)', subject.name, best.serverCpuMs / measuredMs(bench))
      table.add('the writers’ own load (cores)', subject.name, best.clientLoad)
    }
  }
  writers.stop()
  await stopSubjects(subjects)
  table.print(console.log)
  bench.figures.ours('notes.capacity', table.of('letters sent (per s)', 'ours'))
  bench.figures.peer('notes.capacity', table.of('letters sent (per s)', 'hocuspocus'))
}

const measuredMs = ({ options }: Bench) => (options.quick ? 800 : 1_500)

/** What was typed at the highest rate that the server took: up or down to where it turns, then closer. */
async function ramp(bench: Bench, subject: Subject, writers: Writers, firstNote: number): Promise<Typed> {
  let [best, worst]: [Typed | null, number] = [null, Infinity]
  let [rate, left] = [firstRate, refinements]
  while (left > 0 && rate > leastRate) {
    // other work on the machine may spoil one attempt: a rate is too much when it is so twice
    const typed = (await attempt(bench, subject, writers, firstNote, rate)) ?? (await attempt(bench, subject, writers, firstNote, rate))
    if (typed) best = typed
    else worst = rate
    const hasTurned = best !== null && worst < Infinity
    if (hasTurned) left--
    rate = hasTurned ? Math.sqrt(worst * (best?.perSecond ?? rate)) : best ? rate * step : rate / step
  }
  await writers.close()
  if (!best) throw new Error(`${subject.name} does not take ${leastRate} letters a second`)
  return best
}

/** On lines of its own, so that none begins with what another rate left waiting. Null where it was too much. */
async function attempt(bench: Bench, { server, place }: Subject, writers: Writers, firstNote: number, rate: number): Promise<Typed | null> {
  const places: Place[] = []
  for (let note = 0; note < notes; note++)
    for (let writer = 0; writer < writersEach; writer++) places.push(await place(firstNote + note, writer))
  await writers.open(places)
  const typed = await writers.type({ perSecond: rate, warmMs: 500, measuredMs: measuredMs(bench), serverPid: server.pid })
  return typed.p99Ms < withinMs && typed.missing === 0 && typed.perSecond >= keptUp * rate ? typed : null
}
