import { setImmediate } from 'node:timers/promises'
import { openSqliteStore } from '../../server/store/sqlite/open.ts'
import { aCommit, anAppend, anOfficeIn, aSetting } from './samples.ts'

/** What the process below commits before it says that it is ready. */
export const held = { officeId: 'office-that-is-held', note: 'note-that-is-held' }

/**
 * Run as a process of its own, with --expose-gc: opens the store in the folder it is given, commits, lets go of every reference to it,
 * says so, and lives on until it is killed.
 */
if (import.meta.main) {
  await commitAndForget()
  await setImmediate()
  globalThis.gc?.()
  process.stdout.write('ready\n')
  setInterval(() => undefined, 60_000)
}

async function commitAndForget(): Promise<void> {
  const store = await openSqliteStore({ dataDir: process.argv[2] ?? '' })
  await anOfficeIn(store, [], held.officeId)
  await store.commit(aCommit(held.officeId, 1, { events: [aSetting(2)] }))
  await store.appendNotes([anAppend(held.officeId, held.note, 1), anAppend(held.officeId, held.note, 2)])
}
