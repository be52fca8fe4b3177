import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { standsIn } from './colleague-carets.ts'

describe("a colleague's caret", () => {
  const doc = new Y.Doc()
  const type = doc.getXmlFragment('note')
  const words = new Y.XmlText('words')
  type.insert(0, [words])
  const sync = { doc, type, binding: { mapping: new Map() } }
  const good: unknown = JSON.parse(JSON.stringify(Y.createRelativePositionFromTypeIndex(words, 2)))
  const { clientID: client } = doc

  it('is shown where it stands in the text', () => {
    expect(standsIn(sync, { cursor: { anchor: good, head: good } })).toBe(true)
    expect(standsIn({ ...sync, binding: null }, { cursor: { anchor: good, head: good } })).toBe(false)
  })

  it.each([
    {},
    { anchor: {}, head: {} },
    { anchor: good },
    { anchor: { item: { client: 'a', clock: 'b' } }, head: good },
    { anchor: { item: { client, clock: -1 } }, head: { item: { client, clock: -1 } } },
    { anchor: { item: { client, clock: 99 } }, head: good },
    { anchor: { tname: 'elsewhere' }, head: good },
    null,
    7,
  ])('is left out where it stands nowhere: %j', (cursor) => {
    expect(standsIn(sync, { cursor })).toBe(false)
  })
})
