import type { Place, Typed, Typing } from './place.ts'
import { cpuMsOf } from './process-cpu.ts'
import { NoteSightings, Sightings } from './sightings.ts'
import { Writer } from './writer.ts'

/** What the benchmark asks of this process; each is answered. */
export type Asked = { open: readonly Place[] } | { type: Typing } | { close: true }
export type Told = { typed: Typed | null }

/** How long the last letters may take, in milliseconds. */
const patienceMs = 4_000
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

let sightings = new Sightings()
let writers: Writer[] = []

async function open(places: readonly Place[]): Promise<void> {
  close()
  sightings = new Sightings()
  const notes = Map.groupBy(places, ({ note }) => note)
  const opened = [...notes.values()].map(async (own) => {
    const note = new NoteSightings(sightings)
    const inside: Writer[] = []
    for (const place of own) inside.push(await Writer.open(place, note))
    return inside
  })
  writers = (await Promise.all(opened)).flat()
}

function close(): void {
  for (const writer of writers) writer.close()
  writers = []
}

async function type({ perSecond, warmMs, measuredMs, serverPid }: Typing): Promise<Typed> {
  const typing = new Evenly(perSecond)
  await typing.until(performance.now() + warmMs)
  const startedAt = performance.now()
  const [serverBefore, own] = [cpuMsOf(serverPid), process.cpuUsage()]
  sightings.begin(startedAt)
  await typing.until(startedAt + measuredMs)
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

  async until(end: number): Promise<void> {
    for (let now = performance.now(); now < end; now = performance.now()) {
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

async function answer(asked: Asked): Promise<Told> {
  if ('open' in asked) await open(asked.open)
  else if ('type' in asked) return { typed: await type(asked.type) }
  else close()
  return { typed: null }
}

process.on('message', (asked: Asked) => void answer(asked).then((told) => process.send?.(told)))
process.on('disconnect', () => process.exit(0))
