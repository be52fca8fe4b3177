import * as Y from 'yjs'
import { noteField } from '#shared/contracts/notes-wire.ts'

/** The client id that imported text stands under. The store grants it to nobody. */
export const importClient = 1

/**
 * A note's first update out of plain text: a paragraph a line, as Tiptap's StarterKit reads it. Text stays text, never HTML.
 * The same text gives the same bytes; empty text gives an update that holds nothing.
 */
export function noteUpdateFromText(text: string): Uint8Array {
  const doc = new Y.Doc()
  doc.clientID = importClient
  doc.getXmlFragment(noteField).insert(0, linesOf(text).map(paragraph))
  const update = Y.encodeStateAsUpdate(doc)
  doc.destroy()
  return update
}

/** Without the empty lines at the end; half a surrogate pair, which UTF-8 cannot carry, is replaced. */
function linesOf(text: string): string[] {
  const body = text.toWellFormed().replace(/\s+$/u, '')
  return body === '' ? [] : body.split(/\r\n|[\r\n\u2028\u2029]/u)
}

function paragraph(line: string): Y.XmlElement {
  const element = new Y.XmlElement('paragraph')
  // insert, not push: that reads the length, which an element has only once it is in a document
  if (line !== '') element.insert(0, [new Y.XmlText(line)])
  return element
}
