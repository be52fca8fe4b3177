import { describe, expect, it } from 'vitest'
import { Doc, XmlElement, XmlText, applyUpdate, encodeStateAsUpdate } from 'yjs'
import { unsavedText, writtenSoFar } from './unsaved-text.ts'

function paragraph(doc: Doc, text: string): XmlText {
  const element = new XmlElement('paragraph')
  const content = new XmlText(text)
  element.insert(0, [content])
  doc.getXmlFragment('note').push([element])
  return content
}

describe('text that was typed and not stored', () => {
  it('holds what was written since the last store, a line a paragraph', () => {
    const doc = new Doc()
    const first = paragraph(doc, 'stored')
    const clock = writtenSoFar(doc)
    first.insert(6, ' and more')
    paragraph(doc, 'a new line')
    expect(unsavedText(doc, clock)).toBe('and more\na new line')
  })

  it('is empty when everything was stored', () => {
    const doc = new Doc()
    paragraph(doc, 'stored')
    expect(unsavedText(doc, writtenSoFar(doc))).toBe('')
  })

  it('leaves out what was typed and deleted again', () => {
    const doc = new Doc()
    const content = paragraph(doc, '')
    const clock = writtenSoFar(doc)
    content.insert(0, 'keep drop')
    content.delete(4, 5)
    expect(unsavedText(doc, clock)).toBe('keep')
  })

  it('leaves out what others wrote', () => {
    const other = new Doc()
    paragraph(other, 'theirs')
    const doc = new Doc()
    paragraph(doc, 'mine')
    applyUpdate(doc, encodeStateAsUpdate(other))
    expect(unsavedText(doc, 0)).toBe('mine')
  })

  it('cuts a piece that was half stored at the border', () => {
    const doc = new Doc()
    const content = paragraph(doc, 'abc')
    const clock = writtenSoFar(doc)
    content.insert(3, 'def')
    expect(unsavedText(doc, clock)).toBe('def')
  })
})
