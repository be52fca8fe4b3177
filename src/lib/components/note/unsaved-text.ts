import { ContentString, ContentType, type Doc, Item, XmlElement } from 'yjs'

/** How far this document's own writing has come: hand it to `unsavedText` later. */
export function writtenSoFar(doc: Doc): number {
  const structs = doc.store.clients.get(doc.clientID)
  const last = structs?.at(-1)
  return last ? last.id.clock + last.length : 0
}

/**
 * The text that was typed here since `clock` and still stands, in the order in which it was typed. Lines begin with paragraphs and list items.
 * It stays copyable when the right to the note goes away before it was stored, so nothing of what others wrote is in it.
 */
export function unsavedText(doc: Doc, clock: number): string {
  let text = ''
  for (const struct of doc.store.clients.get(doc.clientID) ?? []) {
    if (!(struct instanceof Item) || struct.deleted || struct.id.clock + struct.length <= clock) continue
    if (struct.content instanceof ContentString) text += struct.content.str.slice(Math.max(0, clock - struct.id.clock))
    else if (struct.content instanceof ContentType && struct.content.type instanceof XmlElement) text += '\n'
  }
  return text.replace(/\n{2,}/g, '\n').trim()
}
