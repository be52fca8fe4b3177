import { expect, it } from 'vitest'
import type { NoteAppend } from '../store/store.ts'
import { AppendLog, type Appender } from './append-log.ts'
import { systemClock } from './clock.ts'

const anAppend = (note: string): NoteAppend => ({
  officeId: 'office00000000001',
  note,
  epoch: 1,
  seq: 1,
  memberId: 'memberAna00000001',
  at: 0,
  bytes: new Uint8Array([1]),
  fence: 0,
})

/** Something that waits to be stored; `settled` resolves with the answer, `failed` with what went wrong. */
function anAppender(note: string, settle: () => void = () => {}) {
  const [settled, failed] = [Promise.withResolvers<readonly string[]>(), Promise.withResolvers<unknown>()]
  const appender: Appender = {
    take: () => [anAppend(note)],
    settle: (results) => {
      settle()
      settled.resolve(results)
    },
    fail: failed.resolve,
  }
  return { appender, settled: settled.promise, failed: failed.promise }
}

it('a note in which something is wrong does not stop the others, nor what comes after', async () => {
  const store = { appendNotes: async (appends: readonly NoteAppend[]) => appends.map(() => 'stored' as const) }
  const log = new AppendLog({ store: store as never, clock: systemClock }, 0)
  const wrong = anAppender('noteA', () => {
    throw new Error('wrong')
  })
  const right = anAppender('noteB')
  log.push(wrong.appender)
  log.push(right.appender)
  expect(await right.settled).toEqual(['stored'])
  expect(await wrong.failed).toEqual(new Error('wrong'))
  const later = anAppender('noteC')
  log.push(later.appender)
  expect(await later.settled).toEqual(['stored'])
})
