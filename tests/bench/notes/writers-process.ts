import { Idlers } from './idlers.ts'
import type { Place, Typed, Typing } from './place.ts'
import { cpuMsOf } from './process-cpu.ts'
import { NoteSightings, type Seen, Sightings } from './sightings.ts'
import { Writer } from './writer.ts'

/** What the benchmark asks of this process; each is answered. */
export type Asked =
  /** Writers take these places, and leave those that they have. */
  | { open: readonly Place[] }
  | { type: Typing }
  /** Types on and on, so many letters a second, until `seen` is asked. */
  | { storm: number }
  | { seen: true }
  /** Tabs in which nothing is done take these places as well. */
  | { idle: readonly Place[] }
  /** All leave. */
  | { close: true }
export type Told = null | Typed | Seen[]

/** How long the last letters may take, in milliseconds. */
const patienceMs = 4_000
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const idlers = new Idlers()
let sightings = new Sightings()
let notes: NoteSightings[] = []
let writers: Writer[] = []
let endStorm: () => Promise<Seen[]> = async () => []

async function open(places: readonly Place[]): Promise<void> {
  close()
  sightings = new Sightings()
  const opened = [...Map.groupBy(places, ({ note, port }) => `${port} ${note}`).values()].map(openNote)
  writers = (await Promise.all(opened)).flat()
}

async function openNote(places: readonly Place[]): Promise<Writer[]> {
  const note = new NoteSightings(places[0]?.note ?? '', sightings)
  notes.push(note)
  const inside: Writer[] = []
  for (const place of places) inside.push(await Writer.open(place, note))
  return inside
}

function close(): void {
  for (const writer of writers) writer.close()
  writers = []
  notes = []
  idlers.close()
}

async function type({ perSecond, warmMs, measuredMs, serverPid }: Typing): Promise<Typed> {
  const typing = new Evenly(perSecond)
  const until = (end: number) => typing.go(() => performance.now() >= end)
  await until(performance.now() + warmMs)
  const startedAt = performance.now()
  const [serverBefore, own] = [cpuMsOf(serverPid), process.cpuUsage()]
  sightings.begin(startedAt)
  await until(startedAt + measuredMs)
  const tookMs = performance.now() - startedAt
  const { user, system } = process.cpuUsage(own)
  const measured = {
    perSecond: (sightings.sent / tookMs) * 1_000,
    delivered: sightings.seen,
    serverCpuMs: cpuMsOf(serverPid) - serverBefore,
    clientLoad: (user + system) / 1_000 / tookMs,
  }
  const endsAt = performance.now() + patienceMs
  while (sightings.owed > 0 && performance.now() < endsAt) await pause(5)
  const { tookUs, owed } = sightings
  return { ...measured, missing: owed, p50Ms: tookUs.percentile(50) / 1_000, p99Ms: tookUs.percentile(99) / 1_000 }
}

/** All writers type at the same pace, each at times of its own. */
class Evenly {
  readonly #perMs: number
  readonly #startedAt = performance.now()
  readonly #typed: number[] = writers.map(() => 0)

  constructor(perSecond: number) {
    this.#perMs = perSecond / writers.length / 1_000
  }

  async go(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const now = performance.now()
      for (const [index, writer] of writers.entries()) {
        const done = this.#typed[index] ?? 0
        const due = Math.floor((now - this.#startedAt) * this.#perMs + index / writers.length) - done
        if (due <= 0) continue
        writer.type(due)
        this.#typed[index] = done + due
      }
      await pause(1)
    }
  }
}

function storm(perSecond: number): void {
  let isOver = false
  const ended = new Evenly(perSecond).go(() => isOver)
  endStorm = async () => {
    isOver = true
    await ended
    return notes.flatMap((note) => note.everSeen())
  }
}

async function answer(asked: Asked): Promise<Told> {
  if ('type' in asked) return type(asked.type)
  if ('seen' in asked) return endStorm()
  if ('open' in asked) await open(asked.open)
  else if ('idle' in asked) await idlers.open(asked.idle)
  else if ('storm' in asked) storm(asked.storm)
  else close()
  return null
}

process.on('message', (asked: Asked) => void answer(asked).then((told) => process.send?.(told)))
process.on('disconnect', () => process.exit(0))
