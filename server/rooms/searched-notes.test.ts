import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { NoteText } from '../store/store.ts'
import { createLog } from '../log.ts'
import { type SearchOptions, SearchedNotes } from './searched-notes.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())
const clock = {
  now: () => Date.now(),
  after: (ms: number, work: () => void) => {
    const timer = setTimeout(work, ms)
    const handle = { cancel: () => clearTimeout(timer), unref: () => handle }
    return handle
  },
  every: () => {
    throw new Error('not asked for')
  },
}

/** Notes that stand at these numbers, and what became known of them. */
function notesAt(seqs: Record<string, number>) {
  const read: NoteText[] = []
  const store: SearchOptions['store'] = {
    note: async (_, note) => ({
      epoch: 1,
      snapshot: null,
      updates: [{ seq: seqs[note] ?? 0, memberId: 'm', at: 0, bytes: new Uint8Array() }],
    }),
    page: (async () => Object.keys(seqs).map((id) => ({ id }))) as never,
    putNoteTexts: async (_, texts) => void read.push(...texts),
    notesUnread: async (_, notes) => [...notes],
  }
  const searched = new SearchedNotes({ store }, { clock: clock as never, log: createLog('silent'), textOf: async () => 'words' })
  return { searched, read, seqs }
}

it('a note is read once it rests, and a minute after it was first written in all the same', async () => {
  const { searched, read, seqs } = notesAt({ note: 1 })
  searched.wrote({ officeId: 'o', note: 'note' })
  await vi.advanceTimersByTimeAsync(4_900)
  expect(read).toEqual([])
  await vi.advanceTimersByTimeAsync(200)
  expect(read).toEqual([{ note: 'note', epoch: 1, seq: 1, text: 'words' }])

  for (let second = 0; second < 62; second++) {
    seqs['note'] = second
    searched.wrote({ officeId: 'o', note: 'note' })
    await vi.advanceTimersByTimeAsync(1_000)
  }
  expect(read).toHaveLength(2)
  expect(read[1]?.seq).toBeGreaterThan(55)
  await searched.close()
})

it('comments are not read, and nothing is after the end', async () => {
  const { searched, read } = notesAt({ note: 1 })
  searched.wrote({ officeId: 'o', note: 'dossier.member' })
  searched.wrote({ officeId: 'o', note: 'note' })
  await searched.close()
  searched.wrote({ officeId: 'o', note: 'note' })
  await searched.sweep('o')
  await vi.advanceTimersByTimeAsync(120_000)
  expect(read).toEqual([])
})

it('a sweep reads every note of which more is stored', async () => {
  const { searched, read } = notesAt({ a: 1, b: 2 })
  await searched.sweep('o')
  expect(read.map(({ note, seq }) => [note, seq])).toEqual([
    ['a', 1],
    ['b', 2],
  ])
})
