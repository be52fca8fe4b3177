import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { applyStored, coalesce, createNoteDocument } from './note-document.ts'

/** The updates of somebody who types. */
function typing(count: number, text = 'x'): Uint8Array[] {
  const doc = new Y.Doc()
  doc.clientID = 11
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  const words = new Y.XmlText()
  doc.getXmlFragment('note').insert(0, [words])
  for (let i = 1; i < count; i++) words.insert(words.length, text)
  return updates
}

describe('the document of a room', () => {
  it('is what the log says, no more: Yjs does not tidy up formats in it by deletes of its own', () => {
    const writers = [11, 12].map((id) => {
      const doc = new Y.Doc()
      doc.clientID = id
      return doc
    })
    const [first, second] = writers as [Y.Doc, Y.Doc]
    first.getXmlFragment('note').insert(0, [new Y.XmlText('some words')])
    Y.applyUpdate(second, Y.encodeStateAsUpdate(first))
    const log: Uint8Array[] = [Y.encodeStateAsUpdate(first)]
    for (const doc of writers) {
      doc.on('update', (update: Uint8Array) => log.push(update))
      const words = doc.getXmlFragment('note').get(0)
      if (words instanceof Y.XmlText) words.format(0, 4, { bold: {} })
    }
    const room = createNoteDocument()
    for (const update of log) applyStored(room, [update])
    const merged = Y.decodeUpdate(Y.mergeUpdates(log))
    expect(Y.equalDeleteSets(Y.decodeUpdate(Y.encodeStateAsUpdate(room)).ds, merged.ds)).toBe(true)
  })

  it('does not take an update that builds on something missing', () => {
    const [, second] = typing(2)
    expect(() => applyStored(createNoteDocument(), [second ?? new Uint8Array()])).toThrow('is not there')
  })
})

describe('updates for one channel', () => {
  it('go out as one while they are few and short, and one by one else', () => {
    const few = typing(5)
    const [merged] = coalesce(few)
    expect(coalesce(few)).toHaveLength(1)
    const room = createNoteDocument()
    applyStored(room, [merged ?? new Uint8Array()])
    expect(room.getXmlFragment('note').toString()).toBe('xxxx')
    expect(coalesce(typing(40))).toHaveLength(40)
    expect(coalesce(typing(3, 'x'.repeat(40_000)))).toHaveLength(3)
  })
})
