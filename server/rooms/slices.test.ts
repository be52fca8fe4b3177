import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { noteField } from '#shared/contracts/notes-wire.ts'
import { seed, seeded } from '../../tests/store/random.ts'
import { applyStored, createNoteDocument, restore } from './note-document.ts'
import { slicesIn, slicesOf } from './slices.ts'

const random = seeded(seed)

/** What three people, who hear of one another now and then, have made of a note: paragraphs and lists, letters in them, much of it deleted. */
function written(steps: number): Y.Doc {
  const docs = [11, 7, 23].map((clientId) => Object.assign(createNoteDocument(), { clientID: clientId }))
  const meet = () => {
    for (const doc of docs) for (const other of docs) Y.applyUpdate(other, Y.encodeStateAsUpdate(doc, Y.encodeStateVector(other)))
  }
  for (let step = 0; step < steps; step++) {
    const doc = random.pick(docs)
    change(doc.getXmlFragment(noteField))
    if (random.int(8) === 0) meet()
  }
  meet()
  // as the server has it
  return restore([Y.encodeStateAsUpdate(docs[0]!)]).doc
}

function change(within: Y.XmlFragment | Y.XmlElement): void {
  const children = within.toArray()
  const child = children[random.int(children.length + 1)]
  if (child instanceof Y.XmlText) {
    const at = random.int(child.length + 1)
    if (random.int(4) === 0 && at > 0) child.delete(at - 1, 1)
    else child.insert(at, random.pick(['a', 'bc', '🏡']), random.int(3) === 0 ? { bold: true } : undefined)
  } else if (child instanceof Y.XmlElement) {
    if (random.int(12) === 0) within.delete(children.indexOf(child), 1)
    else change(child)
  } else {
    const element = new Y.XmlElement(random.pick(['paragraph', 'bulletList']))
    element.insert(0, [new Y.XmlText('new')])
    within.insert(random.int(children.length + 1), [element])
  }
}

describe(`a document in slices (STORE_SEED=${seed})`, () => {
  it('each is complete on those before it, and all of them are the document, to the byte', () => {
    for (let round = 0; round < 60; round++) {
      const doc = written(1 + random.int(400))
      const slices = slicesOf(doc, 1 + random.int(20))
      const again = createNoteDocument()
      // throws where one is not complete
      for (const slice of slices) applyStored(again, [slice])
      expect(Y.encodeStateAsUpdate(again)).toEqual(Y.encodeStateAsUpdate(doc))
      expect(again.getXmlFragment(noteField).toJSON()).toBe(doc.getXmlFragment(noteField).toJSON())
    }
  })

  it('of an empty note there are none; of half a note there are none to be had', () => {
    expect(slicesOf(createNoteDocument())).toEqual([])
    const doc = written(50)
    const [first = new Uint8Array(), ...rest] = slicesOf(doc, 5)
    expect(slicesIn([first, ...rest]).length).toBe(1)
    expect(() => slicesIn(rest)).toThrow('cannot be applied')
  })
})
