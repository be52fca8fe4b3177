import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { noteField } from '#shared/contracts/notes-wire.ts'
import { noteUpdateFromText } from './import-text.ts'
import { mostSearched, textOfLog } from './note-text.ts'

const logOf = (...parts: Uint8Array[]) => ({
  snapshot: null,
  updates: parts.map((bytes, i) => ({ seq: i + 1, memberId: 'm', at: 0, bytes })),
})

it('what a note says is its words, a line for each block, without marks and mentions', () => {
  const doc = new Y.Doc()
  const [paragraph, list, item, inItem] = ['paragraph', 'bulletList', 'listItem', 'paragraph'].map((name) => new Y.XmlElement(name))
  const mention = new Y.XmlElement('mention')
  mention.setAttribute('id', 'somebody-with-a-name')
  doc.getXmlFragment(noteField).insert(0, [paragraph!, list!])
  paragraph!.insert(0, [new Y.XmlText('Rate '), mention, new Y.XmlText('until May')])
  list!.insert(0, [item!])
  item!.insert(0, [inItem!])
  const bold = new Y.XmlText()
  inItem!.insert(0, [bold])
  bold.insert(0, 'garden')
  bold.format(0, 3, { bold: true })
  expect(textOfLog(logOf(Y.encodeStateAsUpdate(doc)))).toBe('Rate  until May\ngarden')
})

it('of a long note the beginning is read, and what cannot be read is left out', () => {
  const long = noteUpdateFromText('words '.repeat(40_000))
  expect(textOfLog(logOf(long, new Uint8Array([9, 9, 9])))).toHaveLength(mostSearched)
  expect(textOfLog(logOf())).toBe('')
})
