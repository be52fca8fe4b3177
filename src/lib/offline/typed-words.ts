import { ContentString, ContentType, decodeUpdate, Item, XmlElement } from 'yjs'

interface Range {
  clock: number
  len: number
}

/**
 * The text that these updates insert and do not delete again, in the order in which it was typed; lines begin with paragraphs and list items.
 * It needs nothing that the updates build on: so words can be copied out which fit into no document any more.
 */
export function typedWords(updates: readonly Uint8Array[]): string {
  const read = updates.map((update) => decodeUpdate(update))
  const items = new Map<string, Item>()
  const deleted = new Map<number, Range[]>()
  for (const { structs, ds } of read) {
    for (const struct of structs) if (struct instanceof Item) items.set(`${struct.id.client}/${struct.id.clock}`, struct)
    for (const [client, ranges] of ds.clients) deleted.set(client, [...(deleted.get(client) ?? []), ...ranges])
  }
  const inOrder = [...items.values()].sort((a, b) => a.id.client - b.id.client || a.id.clock - b.id.clock)
  const text = inOrder.map((item) => wordsOf(item, deleted.get(item.id.client) ?? [])).join('')
  return text.replace(/\n{2,}/g, '\n').trim()
}

function wordsOf({ id, content }: Item, deleted: readonly Range[]): string {
  const stands = (clock: number) => !deleted.some((range) => clock >= range.clock && clock < range.clock + range.len)
  if (content instanceof ContentString) return [...units(content.str)].filter((_, i) => stands(id.clock + i)).join('')
  return content instanceof ContentType && content.type instanceof XmlElement && stands(id.clock) ? '\n' : ''
}

/** UTF-16 units: what Yjs counts by. */
function* units(text: string): Generator<string> {
  for (let i = 0; i < text.length; i++) yield text.charAt(i)
}
