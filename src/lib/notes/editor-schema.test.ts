import { getSchema } from '@tiptap/core'
import { describe, expect, it } from 'vitest'
import { mayLink, noteElements, noteMarks, noteRoot } from '#shared/contracts/note-contents.ts'
import { noteExtensions } from './editor-schema.ts'

describe("the note's schema", () => {
  const schema = getSchema(noteExtensions)

  it('S4.15 knows these nodes and no others', () => {
    const known = ['bulletList', 'doc', 'hardBreak', 'listItem', 'mention', 'orderedList', 'paragraph', 'text']
    expect(Object.keys(schema.nodes).sort()).toEqual(known)
  })

  it('S4.15 knows these marks and no others', () => {
    expect(Object.keys(schema.marks).sort()).toEqual(['bold', 'italic', 'link', 'strike', 'underline'])
  })

  it('S4.15 is the table by which the server judges what stands where', () => {
    const blocks = Object.values(schema.nodes).filter((type) => type.isBlock && type.name !== 'doc')
    const elements = [...blocks, schema.nodes.hardBreak!, schema.nodes.mention!]
    /** Anywhere in it: a list item begins with a paragraph, and holds any block after that. */
    const mayHold = (holder: string, name: string) => {
      const seen = new Set<unknown>()
      const next = [schema.nodes[holder]?.contentMatch]
      for (let match = next.pop(); match; match = next.pop()) {
        if (seen.has(match)) continue
        seen.add(match)
        for (let i = 0; i < match.edgeCount; i++) {
          if (match.edge(i).type.name === name) return true
          next.push(match.edge(i).next)
        }
      }
      return false
    }
    for (const [holder, { elements: allowed, text }] of [...Object.entries(noteElements), ['doc', noteRoot] as const]) {
      const known = elements.map(({ name }) => name).filter((name) => mayHold(holder, name))
      expect([holder, [...allowed].sort()]).toEqual([holder, known.sort()])
      expect([holder, text]).toEqual([holder, schema.nodes[holder]?.inlineContent ?? false])
    }
    expect(Object.keys(noteElements).sort()).toEqual(elements.map(({ name }) => name).sort())
    for (const { name, spec } of elements) expect(Object.keys(noteElements[name]?.attributes ?? {})).toEqual(Object.keys(spec.attrs ?? {}))
    for (const [name, { spec }] of Object.entries(schema.marks))
      expect([name, Object.keys(noteMarks[name] ?? {}).sort()]).toEqual([name, Object.keys(spec.attrs ?? {}).sort()])
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
