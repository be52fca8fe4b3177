import type { Log } from './log.ts'
import type { RunningServer } from './start.ts'

const longestStopMs = 10_000

/** SIGTERM and SIGINT stop the server in order; a second one, or 10 s, at once. An unforeseen error is logged and ends the process the same way. */
export function stopOnSignals(server: Pick<RunningServer, 'close'>, log: Log, after: () => Promise<void> = async () => {}): void {
  let stopping = false
  const stop = (exitCode: number): void => {
    if (stopping) process.exit(exitCode || 1)
    stopping = true
    setTimeout(() => process.exit(exitCode || 1), longestStopMs).unref()
    server
      .close()
      .then(after)
      .then(() => process.exit(exitCode))
      .catch((error: unknown) => {
        log.error({ err: error }, 'the server did not stop in order')
        process.exit(1)
      })
  }
  process.on('SIGTERM', () => stop(0))
  process.on('SIGINT', () => stop(0))
  process.on('uncaughtException', (error) => {
    log.error({ err: error }, 'an unforeseen error: stopping')
    stop(1)
  })
  process.on('unhandledRejection', (error) => {
    log.error({ err: error }, 'an unforeseen error: stopping')
    stop(1)
  })
}
