import { describe, expect, it } from 'vitest'
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { Carets, ownState } from './carets.ts'

/** A caret at this clock of client 11. */
const at = (clock: number) => {
  const position = { type: null, tname: 'note' as const, item: { client: 11, clock }, assoc: 0 }
  return { anchor: position, head: position }
}

const person = { memberId: 'memberAna00000001', name: 'Ana', colour: 2 }

/** What a colleague's editor shows after these updates. */
function shown(updates: (Uint8Array | null)[]): unknown[] {
  const awareness = new Awareness(new Y.Doc())
  for (const update of updates) if (update) applyAwarenessUpdate(awareness, update, 'net')
  awareness.setLocalState(null)
  const states = [...awareness.getStates().values()]
  awareness.destroy()
  return states
}

describe('carets', () => {
  it('L5 show whoever comes back at once, also after the server was started again, though a client repeats its old clock', () => {
    let now = 1_000
    const before = new Carets<string>(() => now)
    const updates = [
      before.take('one', 7, person, { cursor: at(1) }),
      before.leave('one', 7),
      before.take('two', 7, person, { cursor: at(2) }),
    ]
    expect(shown(updates)).toEqual([{ cursor: at(2), user: person }])
    now = 2_000
    const after = new Carets<string>(() => now)
    expect(shown([...updates, after.take('three', 7, person, { cursor: at(3) })])).toEqual([{ cursor: at(3), user: person }])
  })

  it('stay when the channel that ends is not the one that shows them', () => {
    const carets = new Carets<string>(() => 0)
    carets.take('old', 7, person, { cursor: at(1) })
    carets.take('new', 7, person, { cursor: at(1) })
    expect(carets.leave('old', 7)).toBeNull()
    expect(shown([carets.others(8)])).toHaveLength(1)
    expect(carets.others(7)).toBeNull()
  })

  it('are taken from what a client says about itself alone, and of that the caret alone', () => {
    const awareness = new Awareness(new Y.Doc())
    const own = awareness.clientID
    awareness.setLocalState({ cursor: at(1), user: { name: 'The boss' } })
    expect(ownState(encodeAwarenessUpdate(awareness, [own]), own)).toEqual({ cursor: at(1) })
    expect(ownState(encodeAwarenessUpdate(awareness, [own]), own + 1)).toBeUndefined()
    awareness.destroy()
  })

  it('L5 of somebody who says that they leave, and stays, are none; they are shown as there until their channel closes', () => {
    const awareness = new Awareness(new Y.Doc())
    awareness.setLocalState(null)
    const own = awareness.clientID
    expect(ownState(encodeAwarenessUpdate(awareness, [own]), own)).toEqual({ cursor: null })
    awareness.destroy()
  })

  it('S4.15 are taken as Yjs writes them', () => {
    const doc = new Y.Doc()
    const words = new Y.XmlText('words')
    doc.getXmlFragment('note').insert(0, [new Y.XmlElement('paragraph'), words])
    const positions = [
      Y.createRelativePositionFromTypeIndex(doc.getXmlFragment('note'), 0, -1),
      Y.createRelativePositionFromTypeIndex(words, 2, -1),
      Y.createRelativePositionFromTypeIndex(words, 5),
      new Y.RelativePosition(words._item?.id ?? null, null, null),
    ]
    for (const position of positions) {
      for (const json of [position, Y.relativePositionToJSON(position)]) {
        const cursor: unknown = JSON.parse(JSON.stringify({ anchor: json, head: json }))
        expect(stateWith(cursor)).toEqual({ cursor })
      }
    }
    expect(stateWith(null)).toEqual({ cursor: null })
  })

  const item = { client: 11, clock: 1 }
  it.each<[string, unknown]>([
    ['nothing', {}],
    ['empty places', { anchor: {}, head: {} }],
    ['no head', { anchor: { item } }],
    ['a number', 7],
    ['a list', [{ item }]],
    ['text for numbers', { anchor: { item: { client: 'a', clock: 'b' } }, head: { item } }],
    ['a clock below zero', { anchor: { item: { client: 11, clock: -1 } }, head: { item } }],
    ['a broken clock', { anchor: { item: { client: 11, clock: 0.5 } }, head: { item } }],
    ['a clock out of range', { anchor: { item: { client: 11, clock: 2 ** 60 } }, head: { item } }],
    ['another root', { anchor: { tname: 'elsewhere' }, head: { item } }],
    ['two types', { anchor: { tname: 'note', type: item }, head: { item } }],
    ['a side that is none', { anchor: { item, assoc: '0' }, head: { item } }],
  ])('that would break the editors of others count as none: %s', (_, cursor) => {
    expect(stateWith(cursor)).toEqual({ cursor: undefined })
  })
})

/** What is taken of a client's state with this cursor. */
function stateWith(cursor: unknown): unknown {
  const awareness = new Awareness(new Y.Doc())
  awareness.setLocalState({ cursor })
  const state = ownState(encodeAwarenessUpdate(awareness, [awareness.clientID]), awareness.clientID)
  awareness.destroy()
  return state
}
