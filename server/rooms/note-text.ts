import * as Y from 'yjs'
import { noteField } from '#shared/contracts/notes-wire.ts'
import type { Compactable } from './compact.ts'
import { restore } from './note-document.ts'

/** So much of a note is searched, in UTF-16 units: its beginning. */
export const mostSearched = 100_000

/** What a note says, without marks and mentions, a line for each block. What cannot be read of its log is left out. */
export function textOfLog({ snapshot, updates }: Compactable): string {
  const { doc } = restore([...(snapshot ? [snapshot.bytes] : []), ...updates.map(({ bytes }) => bytes)])
  const text = linesOf(doc.getXmlFragment(noteField)).join('\n').slice(0, mostSearched).toWellFormed()
  doc.destroy()
  return text
}

function linesOf(node: Y.XmlFragment): string[] {
  const lines: string[] = []
  for (const child of node.toArray()) {
    if (child instanceof Y.XmlText) lines.push(wordsOf(child))
    else if (child instanceof Y.XmlElement) lines.push(...linesOf(child))
  }
  // texts beside each other, with a mention or a break between them, are one line
  return node.toArray().some((child) => child instanceof Y.XmlText) ? [lines.join(' ')] : lines
}

function wordsOf(text: Y.XmlText): string {
  const runs = text.toDelta() as { insert: unknown }[]
  return runs.map(({ insert }) => (typeof insert === 'string' ? insert : ' ')).join('')
}
