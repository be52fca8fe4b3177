import { getSchema } from '@tiptap/core'
import { prosemirrorJSONToYXmlFragment } from '@tiptap/y-tiptap'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { noteExtensions } from './editor-schema.ts'
import { type Block, isBlank, mentionsIn, textTree } from './text-tree.ts'

const schema = getSchema(noteExtensions)
const words = (text: string, ...marks: object[]) => ({ type: 'text', text, marks })
const paragraph = (...content: object[]) => ({ type: 'paragraph', content })
const mention = (id: string) => ({ type: 'mention', attrs: { id } })

/** What the product's editor makes of it, read back. */
function readBack(...content: object[]): Block[] {
  const fragment = new Y.Doc().getXmlFragment('comment-0123456789abcdef')
  prosemirrorJSONToYXmlFragment(schema, { type: 'doc', content }, fragment)
  return textTree(fragment)
}
const run = (text: string, ...marks: string[]) => ({ kind: 'words', words: text, marks, href: null })

describe('S4.12 a text shown without an editor', () => {
  it('has the marks, links, breaks and names of the editor', () => {
    const link = { type: 'link', attrs: { href: 'https://bank.example' } }
    const read = readBack(
      paragraph(
        words('two ', { type: 'bold' }, { type: 'italic' }),
        words('offers', link),
        { type: 'hardBreak' },
        mention('member-0123456789'),
      ),
    )
    expect(read).toEqual([
      {
        kind: 'paragraph',
        inlines: [
          run('two ', 'bold', 'italic'),
          { ...run('offers'), href: 'https://bank.example' },
          { kind: 'break' },
          { kind: 'mention', memberId: 'member-0123456789' },
        ],
      },
    ])
  })

  it('has lists in lists, and their first number', () => {
    const inner = { type: 'bulletList', content: [{ type: 'listItem', content: [paragraph(words('inner'))] }] }
    const list = { type: 'orderedList', attrs: { start: 3 }, content: [{ type: 'listItem', content: [paragraph(words('outer')), inner] }] }
    const text = (shown: string) => ({ kind: 'paragraph', inlines: [run(shown)] })
    expect(readBack(list)).toEqual([
      {
        kind: 'list',
        isOrdered: true,
        start: 3,
        items: [[text('outer'), { kind: 'list', isOrdered: false, start: 1, items: [[text('inner')]] }]],
      },
    ])
  })

  it('leaves out what no editor writes, and links to nothing but the web, mail and telephones', () => {
    const fragment = new Y.Doc().getXmlFragment('x')
    const text = new Y.XmlText()
    const known = new Y.XmlElement('paragraph')
    fragment.insert(0, [new Y.XmlElement('script'), known, new Y.XmlText('at the root')])
    known.insert(0, [text, new Y.XmlElement('mention')])
    text.insert(0, 'here', { link: { href: 'javascript:alert(1)' } })
    expect(textTree(fragment)).toEqual([{ kind: 'paragraph', inlines: [run('here')] }])
  })
})

describe('S4.12 what a comment says about itself', () => {
  it('names each member once, in lists too', () => {
    const list = { type: 'bulletList', content: [{ type: 'listItem', content: [paragraph(mention('member-bbbbbbbbbb'))] }] }
    const read = readBack(paragraph(mention('member-aaaaaaaaaa'), words(' and '), mention('member-bbbbbbbbbb')), list)
    expect(mentionsIn(read)).toEqual(['member-aaaaaaaaaa', 'member-bbbbbbbbbb'])
  })

  it.each([
    ['nothing at all', [], true],
    ['an empty paragraph', [paragraph()], true],
    ['blanks and a line break', [paragraph(words('  '), { type: 'hardBreak' })], true],
    ['a letter', [paragraph(words('a'))], false],
    ['a name alone', [paragraph(mention('member-aaaaaaaaaa'))], false],
  ])('is blank or not: %s', (_, content, blank) => {
    expect(isBlank(readBack(...content))).toBe(blank)
  })
})
