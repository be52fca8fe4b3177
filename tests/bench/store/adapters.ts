import { openStore, type StorePlace } from '../../../server/store/open.ts'
import type { Store } from '../../../server/store/store.ts'
import type { Bench } from '../bench.ts'
import { newDatabase } from '../trial-set.ts'

/** An empty store of one of the adapters, and what it is called in the figures. */
export interface Adapter {
  name: 'SQLite' | 'MongoDB'
  store: Store
}

let folders = 0

/** Empty stores of both adapters, to be measured by turns; they are closed when `measure` is over. */
export async function withBoth(bench: Bench, measure: (adapters: readonly Adapter[]) => Promise<void>): Promise<void> {
  const folder = bench.offices.folder(`store-${++folders}`)
  const places: [Adapter['name'], StorePlace][] = [
    ['SQLite', { dataDir: folder, mongodbUri: null }],
    ['MongoDB', { dataDir: folder, mongodbUri: await newDatabase() }],
  ]
  const adapters = await Promise.all(places.map(async ([name, place]) => ({ name, store: await openStore(place) })))
  try {
    await measure(adapters)
  } finally {
    for (const { store } of adapters) await store.close()
  }
}

/** How many milliseconds this takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}
