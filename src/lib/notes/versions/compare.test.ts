import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { noteField } from '#shared/contracts/notes-wire.ts'
import { compare, compareByText, type ShownLine } from './compare.ts'
import { Authors } from './note-authors.ts'

const [ana, bo] = ['memberAna00000001', 'memberBo000000001']

function copyOf(doc: Y.Doc, clientID: number): Y.Doc {
  const copy = Object.assign(new Y.Doc(), { clientID })
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc))
  return copy
}

function note(clientID: number, ...texts: string[]): Y.Doc {
  const doc = Object.assign(new Y.Doc(), { clientID })
  const paragraphs = texts.map((text) => {
    const paragraph = new Y.XmlElement('paragraph')
    paragraph.insert(0, [new Y.XmlText(text)])
    return paragraph
  })
  doc.getXmlFragment(noteField).insert(0, paragraphs)
  return doc
}

const textOf = (doc: Y.Doc, i: number) => (doc.getXmlFragment(noteField).get(i) as Y.XmlElement).get(0) as Y.XmlText

/** Each piece with who changed it: `+bo:word`, `-ana:word`, or the text alone. */
function told(lines: readonly ShownLine[]): string[][] {
  const sign = { added: '+', deleted: '-' }
  return lines.map(({ pieces }) => pieces.map(({ text, change, by }) => (change ? `${sign[change]}${by ?? '?'}:${text}` : text)))
}

const authors = (deleted: [string, [number, number, number][]][]) => {
  const clients: [number, string][] = [
    [2, ana],
    [3, bo],
  ]
  return new Authors({
    epoch: 1,
    seq: 9,
    clients,
    written: [
      [
        2,
        [
          [5, 1_000],
          [9, 2_000],
        ],
      ],
    ],
    deleted,
  })
}

describe('two versions of a note', () => {
  it('show what was deleted in the older and what was added in the newer, each by whom', () => {
    const older = note(2, 'one two')
    const newer = copyOf(older, 3)
    const text = textOf(newer, 0)
    text.delete(0, 3)
    text.insert(text.length, ' three')
    // the paragraph and its text stand at 0 and 1, the first letter at 2
    const { older: left, newer: right } = compare(older, newer, authors([[bo, [[2, 2, 3]]]]))
    expect(told(left)).toEqual([[`-${bo}:one`, ' two']])
    expect(told(right)).toEqual([[' two', `+${bo}: three`]])
  })

  it('show as no change what an editor wrote anew where a paragraph was divided', () => {
    const older = note(2, 'the first and the second')
    const newer = copyOf(older, 3)
    textOf(newer, 0).delete(9, 15)
    const paragraph = new Y.XmlElement('paragraph')
    paragraph.insert(0, [new Y.XmlText(' and the second')])
    newer.getXmlFragment(noteField).insert(1, [paragraph])
    const { older: left, newer: right } = compare(older, newer, authors([[bo, [[2, 11, 15]]]]))
    expect([...told(left), ...told(right)].flat().filter((piece) => /^[+-]/.test(piece))).toEqual([])
  })

  it('of two epochs are compared by words, and nobody is named', () => {
    const { older, newer } = compareByText(note(2, 'the old house', 'stays'), note(2, 'the new house 🙂', 'stays'))
    expect(told(older)).toEqual([['the ', '-?:old', ' house'], ['stays']])
    expect(told(newer)).toEqual([['the ', '+?:new', ' house', '+?: 🙂'], ['stays']])
  })
})

describe('who wrote a letter', () => {
  it('is known with the time by its address, and not where nothing is told of it', () => {
    const known = authors([])
    expect([known.writer(2), known.writer(7), known.knows(7)]).toEqual([ana, null, false])
    expect([0, 4, 5, 8, 9].map((clock) => known.writtenAt(2, clock))).toEqual([1_000, 1_000, 2_000, 2_000, null])
    expect(known.deleter(2, 1)).toBeNull()
  })
})
