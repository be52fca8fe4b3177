import { describe, expect, it } from 'vitest'
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { Carets, ownState } from './carets.ts'

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
    const updates = [before.take('one', 7, person, { cursor: 1 }), before.leave('one', 7), before.take('two', 7, person, { cursor: 2 })]
    expect(shown(updates)).toEqual([{ cursor: 2, user: person }])
    now = 2_000
    const after = new Carets<string>(() => now)
    expect(shown([...updates, after.take('three', 7, person, { cursor: 3 })])).toEqual([{ cursor: 3, user: person }])
  })

  it('stay when the channel that ends is not the one that shows them', () => {
    const carets = new Carets<string>(() => 0)
    carets.take('old', 7, person, { cursor: 1 })
    carets.take('new', 7, person, { cursor: 1 })
    expect(carets.leave('old', 7)).toBeNull()
    expect(shown([carets.others(8)])).toHaveLength(1)
    expect(carets.others(7)).toBeNull()
  })

  it('are taken from what a client says about itself alone, and of that the caret alone', () => {
    const awareness = new Awareness(new Y.Doc())
    const own = awareness.clientID
    awareness.setLocalState({ cursor: { anchor: 1 }, user: { name: 'The boss' } })
    expect(ownState(encodeAwarenessUpdate(awareness, [own]), own)).toEqual({ cursor: { anchor: 1 } })
    expect(ownState(encodeAwarenessUpdate(awareness, [own]), own + 1)).toBeUndefined()
    awareness.setLocalState(null)
    expect(ownState(encodeAwarenessUpdate(awareness, [own]), own)).toBeNull()
    awareness.destroy()
  })
})
