import type { Random } from '../store/random.ts'

/** Clients of one server, any of which can do something that all the others come to see. */
export interface Crowd {
  readonly size: number
  /** Has this client do something. Resolves with the milliseconds until each of the others had it. */
  reach(sender: number): Promise<number[]>
  close(): void
}

/** After everybody has seen one thing, the next comes within so many milliseconds: about as 50 busy people act. */
const pauseMs = { least: 10, spread: 20 }

/** So many things, one after the other, each by somebody else. Returns the milliseconds to each of the others, all together. */
export async function sample(crowd: Crowd, times: number, random: Random): Promise<number[]> {
  const tookMs: number[] = []
  for (let i = 0; i < times; i++) {
    tookMs.push(...(await crowd.reach(random.int(crowd.size))))
    await new Promise((resolve) => setTimeout(resolve, pauseMs.least + random.int(pauseMs.spread)))
  }
  return tookMs
}

/** Collects the time at which each of the others saw what one client did. */
export class Sightings {
  readonly #startedAt = performance.now()
  readonly #tookMs: number[] = []
  readonly #others: number
  readonly #complete = Promise.withResolvers<number[]>()

  constructor(others: number) {
    this.#others = others
    const timer = setTimeout(() => this.#complete.reject(new Error(`${this.#tookMs.length} of ${others} saw it within 10 s`)), 10_000)
    this.#complete.promise.then(
      () => clearTimeout(timer),
      () => {},
    )
  }

  /** One more of the others has seen it. */
  seen(): void {
    this.#tookMs.push(performance.now() - this.#startedAt)
    if (this.#tookMs.length === this.#others) this.#complete.resolve(this.#tookMs)
  }

  all(): Promise<number[]> {
    return this.#complete.promise
  }
}
