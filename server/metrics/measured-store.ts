import type { Store } from '../store/store.ts'
import type { Metrics } from './metrics.ts'

/** The same store, whose commits and appends are timed and counted. */
export function measuredStore<S extends Store>(store: S, metrics: Pick<Metrics, 'committed' | 'appended' | 'commits' | 'appends'>): S {
  return {
    ...store,
    commit: async (asked) => {
      const startedAt = performance.now()
      const result = await metrics.commits.during(store.commit(asked))
      metrics.committed(performance.now() - startedAt)
      return result
    },
    appendNotes: async (appends) => {
      const startedAt = performance.now()
      const results = await metrics.appends.during(store.appendNotes(appends))
      metrics.appended(results, performance.now() - startedAt)
      return results
    },
  }
}
