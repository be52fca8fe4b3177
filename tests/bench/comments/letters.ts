import * as Y from 'yjs'
import type { NoteSession } from '../../../src/lib/notes/note-session.ts'

const everyMs = 10

/**
 * Types letters, one every 10 ms, each when the one before has arrived, until there are enough.
 * @returns how long each took until it was in the reader's tab, in milliseconds
 */
export async function typeLetters(
  writer: NoteSession,
  reader: NoteSession,
  field: string,
  isEnough: (typed: number) => boolean,
): Promise<number[]> {
  const [from, to] = [writer.doc, reader.doc]
  if (!from || !to) throw new Error('the text is not there')
  const paragraph = new Y.XmlElement('paragraph')
  const words = new Y.XmlText()
  paragraph.insert(0, [words])
  from.getXmlFragment(field).push([paragraph])
  const times: number[] = []
  for (let i = 0; !isEnough(i); i++) {
    const typedAt = performance.now()
    words.insert(i, 'x')
    await arrived(from, to)
    times.push(performance.now() - typedAt)
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
  return times
}

/** Resolves when what was written in one document is in the other. */
export function arrived(from: Y.Doc, to: Y.Doc): Promise<void> {
  const clock = Y.getState(from.store, from.clientID)
  return new Promise((resolve) => {
    const look = () => {
      if (Y.getState(to.store, from.clientID) < clock) return
      to.off('update', look)
      resolve()
    }
    to.on('update', look)
    look()
  })
}
