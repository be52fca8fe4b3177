import { getSchema } from '@tiptap/core'
import { describe, expect, it } from 'vitest'
import { mayLink, noteExtensions } from './editor-schema.ts'

describe("the note's schema", () => {
  const schema = getSchema(noteExtensions)

  it('S4.15 knows these nodes and no others', () => {
    expect(Object.keys(schema.nodes).sort()).toEqual(['bulletList', 'doc', 'hardBreak', 'listItem', 'orderedList', 'paragraph', 'text'])
  })

  it('S4.15 knows these marks and no others', () => {
    expect(Object.keys(schema.marks).sort()).toEqual(['bold', 'italic', 'link', 'strike', 'underline'])
  })

  it.each(['https://bank.example/x?y=1', 'http://bank.example', 'mailto:a@b.example', 'tel:+31295596482', 'HTTPS://BANK.EXAMPLE'])(
    'links to %s',
    (address) => expect(mayLink(address)).toBe(true),
  )

  it.each([
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:x',
    'data:text/html,x',
    '/dossiers',
    'bank.example',
    '//x',
    '',
    null,
    undefined,
  ])('does not link to %j', (address) => expect(mayLink(address)).toBe(false))
})
