import * as Y from 'yjs'
import { noteField } from '#shared/contracts/notes-wire.ts'
import { seeded } from '../../store/random.ts'

/** A note's past: the document it came to, and before its last updates. */
export interface History {
  /** All but `last`, as one update without what was deleted, and its state vector. */
  bytes: Uint8Array
  vector: Uint8Array
  /** The newest updates, as they came. */
  last: Uint8Array[]
  /** Everything as one update. */
  whole: Uint8Array
  text: string
}

const writers = 4
const paragraphs = 60
/** People write so many letters in a row, give or take, before they look elsewhere; every tenth is taken back. */
const burst = 40

/** A note that four people wrote in so many edits of one letter each. The same seed gives the same note. */
export function writeHistory(edits: number, lastCount: number, seed: number): History {
  const random = seeded(seed)
  const doc = new Y.Doc()
  const fragment = doc.getXmlFragment(noteField)
  doc.clientID = 1_000
  fragment.insert(
    0,
    Array.from({ length: paragraphs }, () => {
      const paragraph = new Y.XmlElement('paragraph')
      paragraph.insert(0, [new Y.XmlText('Agreed:')])
      return paragraph
    }),
  )
  const last: Uint8Array[] = []
  let [bytes, vector]: [Uint8Array, Uint8Array] = [new Uint8Array(), new Uint8Array()]
  let [words, at] = [textOf(fragment, 0), 0]
  for (let edit = 0; edit < edits; edit++) {
    if (edit === edits - lastCount) {
      ;[bytes, vector] = [Y.encodeStateAsUpdate(doc), Y.encodeStateVector(doc)]
      doc.on('update', (update: Uint8Array) => last.push(update))
    }
    if (random.int(burst) === 0 || edit === 0) {
      doc.clientID = 1_000 + random.int(writers)
      words = textOf(fragment, random.int(paragraphs))
      at = random.int(words.length + 1)
    }
    if (at > 0 && random.int(10) === 0) words.delete(--at, 1)
    else words.insert(at++, String.fromCharCode(97 + random.int(26)))
  }
  return { bytes, vector, last, whole: Y.encodeStateAsUpdate(doc), text: fragment.toString() }
}

function textOf(fragment: Y.XmlFragment, index: number): Y.XmlText {
  return (fragment.get(index) as Y.XmlElement).get(0) as Y.XmlText
}
