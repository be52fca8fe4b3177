import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { noteField } from '#shared/contracts/notes-wire.ts'
import { Authors } from '../versions/note-authors.ts'
import { authorRuns } from './author-runs.ts'

const [ana, bo] = ['memberAna00000001', 'memberBo000000001']
const isLeaf = (name: string) => name === 'hardBreak'
const minute = 60_000

function paragraphBy(clientID: number, text: string): { doc: Y.Doc; block: Y.XmlElement; words: Y.XmlText } {
  const doc = Object.assign(new Y.Doc(), { clientID })
  const block = new Y.XmlElement('paragraph')
  const words = new Y.XmlText(text)
  block.insert(0, [words])
  doc.getXmlFragment(noteField).insert(0, [block])
  return { doc, block, words }
}

describe('the runs of a block', () => {
  it('are cut where the hand changes, and count only what stands', () => {
    const { doc, block, words } = paragraphBy(1, 'The rate is two')
    const other = Object.assign(new Y.Doc(), { clientID: 2 })
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc))
    const theirs = (other.getXmlFragment(noteField).get(0) as Y.XmlElement).get(0) as Y.XmlText
    theirs.delete(4, 4)
    theirs.insert(4, 'fixed 🙂 rate')
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other))
    expect(words.toString()).toBe('The fixed 🙂 rate is two')
    const authors = new Authors({ epoch: 1, seq: 2, clients: [[1, ana], [2, bo]], written: [], deleted: [] }) // prettier-ignore
    expect(authorRuns(block, authors, isLeaf)).toEqual({
      runs: [
        { from: 1, to: 5, by: ana, at: null },
        { from: 5, to: 18, by: bo, at: null },
        { from: 18, to: 25, by: ana, at: null },
      ],
      size: 26,
    })
  })

  it('are cut where another time begins, and go over a line break and through a list', () => {
    const doc = Object.assign(new Y.Doc(), { clientID: 1 })
    const [list, item, paragraph] = ['bulletList', 'listItem', 'paragraph'].map((name) => new Y.XmlElement(name)) as [
      Y.XmlElement,
      Y.XmlElement,
      Y.XmlElement,
    ]
    list.insert(0, [item])
    item.insert(0, [paragraph])
    paragraph.insert(0, [new Y.XmlText('one'), new Y.XmlElement('hardBreak'), new Y.XmlText('two')])
    doc.getXmlFragment(noteField).insert(0, [list])
    const first = (paragraph.get(0) as Y.XmlText)._start!.id.clock
    const authors = new Authors({ epoch: 1, seq: 1, clients: [[1, ana]], written: [[1, [[first + 2, 5 * minute], [first + 100, 9 * minute]]]], deleted: [] }) // prettier-ignore
    expect(authorRuns(list, authors, isLeaf)).toEqual({
      runs: [
        { from: 3, to: 5, by: ana, at: 5 * minute },
        { from: 5, to: 10, by: ana, at: 9 * minute },
      ],
      size: 13,
    })
  })

  it('of a hand that is not known are nobody’s', () => {
    const { block } = paragraphBy(7, 'imported')
    const authors = new Authors({ epoch: 1, seq: 1, clients: [], written: [], deleted: [] })
    expect(authorRuns(block, authors, isLeaf).runs).toEqual([{ from: 1, to: 9, by: null, at: null }])
  })
})
