import * as Y from 'yjs'
import type { Id } from '#shared/contracts/ids.ts'
import { noteField } from '#shared/contracts/notes-wire.ts'
import type { Disk } from './disk.ts'
import type { OpenPage } from './person.ts'

// What must always hold. Each answers with what does not.

/** Whatever others wrote and this screen shows is on the disk; and nobody honest is sent away for good. */
export function judgeScreen(disk: Disk, { session, note }: OpenPage): string[] {
  if (session.status.state === 'reload') return [`${note}: an honest screen was told to load it again`]
  const { doc } = session
  if (!doc) return []
  const stored = disk.note(note).whole.store
  const isMissing = ([client, clock]: [number, number]) => client !== doc.clientID && clock > Y.getState(stored, client)
  return [...Y.decodeStateVector(Y.encodeStateVector(doc))].filter(isMissing).map(() => `${note}: seen, and not on the disk`)
}

/** Whatever was called saved is on the disk, what was deleted too. */
export function judgeSaved(disk: Disk, { session, note }: OpenPage): string[] {
  const { doc } = session
  if (!doc) return []
  const onDisk = Y.snapshot(disk.note(note).whole)
  return Y.snapshotContainsUpdate(onDisk, Y.encodeStateAsUpdate(doc)) ? [] : [`${note}: called saved, and not on the disk`]
}

/** In the end all screens show what the disk has, and of its letters none is gone. */
export function judgeEnd(disk: Disk, note: Id, pages: readonly OpenPage[], kept: Iterable<string>): string[] {
  const violations: string[] = []
  const text = disk.note(note).whole.getXmlFragment(noteField).toString()
  for (const page of pages) if (page.text !== text) violations.push(`${note}: a screen shows another text than the disk has`)
  for (const letter of kept) if (!text.includes(letter)) violations.push(`${note}: ${letter} was saved and is gone`)
  return [...violations, ...disk.note(note).faults()]
}
