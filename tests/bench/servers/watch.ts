import { monitorEventLoopDelay } from 'node:perf_hooks'

/** What a server process says of itself since `measure` was asked. */
export interface Measured {
  cpuMs: number
  /** The longest time its event loop stood still. */
  longestPauseMs: number
  rssBytes: number
}
/** What a server process holds once its garbage is collected, in bytes. */
export interface Held {
  rss: number
  /** On V8's heap, and outside of it on behalf of objects there. */
  heapAndExternal: number
}
/** From the benchmark to a server process. */
export type Asked = 'measure' | 'measured' | 'held' | 'stop'
/** From a server process to the benchmark; `measure` is answered by `null`. */
export type Told = { port: number } | { measured: Measured | null } | { held: Held }

const resolutionMs = 5

/** Tells the benchmark where this server listens, then answers what it asks. The process ends with `stop`, or with the benchmark. */
export function serveBenchmark(port: number, stop: () => Promise<void>): void {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs })
  let since = process.cpuUsage()
  const answer: Record<Asked, () => void> = {
    measure: () => {
      delay.disable()
      delay.reset()
      delay.enable()
      since = process.cpuUsage()
      tell({ measured: null })
    },
    measured: () => {
      const { user, system } = process.cpuUsage(since)
      // the histogram holds the distance between two ticks of its timer, in nanoseconds
      const longestPauseMs = Math.max(0, delay.max / 1e6 - resolutionMs)
      tell({ measured: { cpuMs: (user + system) / 1e3, longestPauseMs, rssBytes: process.memoryUsage.rss() } })
    },
    held: () => {
      // what the first collection frees may free more
      for (let i = 0; i < 2; i++) globalThis.gc?.()
      const { rss, heapUsed, external } = process.memoryUsage()
      tell({ held: { rss, heapAndExternal: heapUsed + external } })
    },
    stop: () => void stop().then(() => process.exit(0)),
  }
  process.on('message', (asked: Asked) => answer[asked]())
  process.on('disconnect', () => process.exit(0))
  tell({ port })
}

function tell(told: Told): void {
  process.send?.(told)
}
