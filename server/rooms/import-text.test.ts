import { getSchema } from '@tiptap/core'
import StarterKit from '@tiptap/starter-kit'
import { yXmlFragmentToProseMirrorRootNode } from '@tiptap/y-tiptap'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { importClient, noteUpdateFromText } from './import-text.ts'

/** The note as the editor reads it. */
function asEditorReads(update: Uint8Array): { paragraphs: string[]; isValid: boolean } {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, update)
  const root = yXmlFragmentToProseMirrorRootNode(doc.getXmlFragment('note'), getSchema([StarterKit]))
  let isValid = true
  try {
    root.check()
  } catch {
    isValid = false
  }
  const paragraphs = root.children.map((node) => `${node.type.name}: ${node.textContent}`)
  return { paragraphs, isValid }
}

describe('a note out of imported text', () => {
  it('has a paragraph a line, empty ones kept between, as the editor reads them', () => {
    expect(asEditorReads(noteUpdateFromText('First line\r\n\nThird: Æbeltoft, Straße, 🙂\n\n'))).toEqual({
      paragraphs: ['paragraph: First line', 'paragraph: ', 'paragraph: Third: Æbeltoft, Straße, 🙂'],
      isValid: true,
    })
  })

  it('is text, never HTML', () => {
    const text = '<script>alert(1)</script> <b>x</b> &amp; =HYPERLINK("x")'
    expect(asEditorReads(noteUpdateFromText(text)).paragraphs).toEqual([`paragraph: ${text}`])
  })

  it('stands under the client id that is granted to nobody, and is the same for the same text', () => {
    const update = noteUpdateFromText('same')
    expect([...Y.parseUpdateMeta(update).to.keys()]).toEqual([importClient])
    expect(noteUpdateFromText('same')).toEqual(update)
  })

  it('holds nothing for empty text, and replaces half characters', () => {
    expect(Y.decodeUpdate(noteUpdateFromText(' \n')).structs).toEqual([])
    expect(asEditorReads(noteUpdateFromText('a\ud800b')).paragraphs).toEqual(['paragraph: a\ufffdb'])
  })
})
