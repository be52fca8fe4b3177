import { pino } from 'pino'

/** JSON lines on standard output. What is logged names records by id at most: never names, addresses or words people wrote. */
export type Log = Pick<ReturnType<typeof pino>, 'debug' | 'info' | 'warn' | 'error'>

export function createLog(level: string): Log {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime })
}
