import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { fenceOf } from '../fence.ts'
import type { NoteAppend } from '../store.ts'
import { JournalFile } from './journal-file.ts'
import { NoteAppends } from './note-appends.ts'
import type { Writer } from './writer.ts'

const [officeId, note] = ['office00000000001', 'note0000000000001']
const anAppend = (seq: number): NoteAppend => ({
  officeId,
  note,
  epoch: 1,
  seq,
  memberId: 'ana',
  at: seq,
  bytes: new Uint8Array([seq]),
  fence: 0,
})

/** The real journal, whose writes wait for `opened`. */
class HeldJournal extends JournalFile {
  opened: Promise<void> = Promise.resolve()
  written = () => {}
  readonly begun = Promise.withResolvers<void>()
  override async write(record: Uint8Array): Promise<void> {
    this.begun.resolve()
    await this.opened
    await super.write(record)
    this.written()
  }
}

/** Appends to a journal of its own, whose writes, and those of whose database, can be held up. */
function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'codossier-appends-'))
  const journal = new HeldJournal(join(folder, 'notes'), 1)
  const database = { opened: async (): Promise<void> => {}, putAway: [] as number[] }
  const writer = {
    async write(_write: string, generation: number): Promise<void> {
      await database.opened()
      database.putAway.push(generation)
    },
  } as unknown as Writer
  const appends = new NoteAppends({ judge: () => 'stored' }, journal, () => writer)
  onTestFinished(async () => {
    await appends.close()
    rmSync(folder, { recursive: true })
  })
  const pending = () => {
    const log = { epoch: 1, snapshot: null, updates: [] as { seq: number; memberId: string; at: number; bytes: Uint8Array }[] }
    for (const part of appends.pending) part.complete(officeId, note, log)
    return log.updates.map(({ seq }) => seq)
  }
  return { appends, journal, database, pending }
}

it('what raises a fence waits for the append that was judged before it, and the next append waits for that', async () => {
  const { appends, journal } = setUp()
  const { promise, resolve: open } = Promise.withResolvers<void>()
  journal.opened = promise
  const order: string[] = []
  journal.written = () => order.push('stored')
  const before = appends.append([anAppend(1)])
  await journal.begun.promise
  const raised = appends.behind(officeId, [fenceOf(note)], { putAway: false }, async () => order.push('raised'))
  const after = appends.append([anAppend(2)])
  open()
  await Promise.all([before, raised, after])
  expect(order).toEqual(['stored', 'raised', 'stored'])
})

it('while one half is on its way into the database the other is written on, and both are read', async () => {
  const { appends, database, pending } = setUp()
  const { promise, resolve: open } = Promise.withResolvers<void>()
  database.opened = () => promise
  await appends.append([anAppend(1)])
  const first = appends.putAway()
  const between = appends.append([anAppend(2)])
  const second = appends.putAway()
  await between
  await appends.append([anAppend(3)])
  expect(pending()).toEqual([1, 2, 3])
  open()
  await Promise.all([first, second])
  expect(database.putAway).toEqual([1, 2])
  expect(pending()).toEqual([])
})

it('a database that takes nothing more is said at once to who appends next, and taken up again when it can', async () => {
  const { appends, database, pending } = setUp()
  database.opened = () => Promise.reject(new Error('the disk is full'))
  await appends.append([anAppend(1)])
  await expect(appends.putAway()).rejects.toThrow('full')
  await expect(appends.append([anAppend(2)])).rejects.toThrow('full')
  expect(pending()).toEqual([1])
  database.opened = async () => {}
  expect(await appends.append([anAppend(2)])).toEqual(['stored'])
  expect(database.putAway).toEqual([1])
  expect(appends.pending.map((part) => part.lastSeq(officeId, note))).toEqual([2])
})
