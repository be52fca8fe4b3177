import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { createNoteDocument } from './note-document.ts'
import { Ground } from './ground.ts'
import { judgeUpdate } from './validator.ts'

const victim = 11
const attacker = 12

/** A note with a paragraph and a list of the victim's, and the attacker's copy of it. */
function aNote(): { server: Y.Doc; doc: Y.Doc; paragraph: Y.XmlElement; text: Y.XmlText; list: Y.XmlElement } {
  const server = createNoteDocument()
  server.clientID = victim
  const made = new Y.XmlElement('paragraph')
  made.insert(0, [new Y.XmlText('precious')])
  const item = new Y.XmlElement('listItem')
  const inItem = new Y.XmlElement('paragraph')
  inItem.insert(0, [new Y.XmlText('point')])
  item.insert(0, [inItem])
  const list = new Y.XmlElement('orderedList')
  list.insert(0, [item])
  server.getXmlFragment('note').insert(0, [made, list])
  const doc = createNoteDocument()
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(server))
  doc.clientID = attacker
  const [paragraph, copy] = doc.getXmlFragment('note').toArray() as [Y.XmlElement, Y.XmlElement]
  return { server, doc, paragraph, text: paragraph.get(0) as Y.XmlText, list: copy }
}

type Attack = (note: ReturnType<typeof aNote>) => void
const element = (name: string) => new Y.XmlElement(name)

/** Nodes that the editor knows where it does not allow them, and what it does not know. */
const attacks: Record<string, Attack> = {
  'text at the root': ({ doc }) => doc.getXmlFragment('note').insert(0, [new Y.XmlText('x')]),
  'text at the root, beside a paragraph': ({ doc }) => doc.getXmlFragment('note').insert(1, [new Y.XmlText('x')]),
  'a line break at the root': ({ doc }) => doc.getXmlFragment('note').insert(1, [element('hardBreak')]),
  'a list item at the root': ({ doc }) => doc.getXmlFragment('note').insert(1, [element('listItem')]),
  'an unknown element at the root': ({ doc }) => doc.getXmlFragment('note').insert(1, [element('heading')]),
  'the name of an object’s own method': ({ doc }) => doc.getXmlFragment('note').insert(1, [element('constructor')]),
  'a paragraph in a paragraph': ({ paragraph }) => paragraph.insert(0, [element('paragraph')]),
  'a list item in a paragraph, behind its text': ({ paragraph }) => paragraph.insert(1, [element('listItem')]),
  'a list in a paragraph': ({ paragraph }) => paragraph.insert(1, [element('bulletList')]),
  'a paragraph in a list, beside an item': ({ list }) => list.insert(1, [element('paragraph')]),
  'a list in a list': ({ list }) => list.insert(0, [element('bulletList')]),
  'text in a list': ({ list }) => list.insert(0, [new Y.XmlText('x')]),
  'text in a list item': ({ list }) => (list.get(0) as Y.XmlElement).insert(1, [new Y.XmlText('x')]),
  'a paragraph in a line break': ({ paragraph }) => {
    const lineBreak = element('hardBreak')
    paragraph.insert(1, [lineBreak])
    lineBreak.insert(0, [element('paragraph')])
  },
  'an element in the text': ({ text }) => text.insertEmbed(0, element('hardBreak')),
  'a picture in the text': ({ text }) => text.insertEmbed(0, { image: 'x' }),
  'an attribute of a paragraph': ({ paragraph }) => paragraph.setAttribute('style', 'position:fixed'),
  'an attribute that a list does not have': ({ list }) => list.setAttribute('class', 'x'),
  'a first number that is none': ({ list }) => list.setAttribute('start', 'javascript:x'),
  'a mention of what is no id': ({ paragraph }) => {
    const mention = element('mention')
    mention.setAttribute('id', '@all')
    paragraph.insert(1, [mention])
  },
  'a mention that brings a name along': ({ paragraph }) => {
    const mention = element('mention')
    mention.setAttribute('label', 'Ana')
    paragraph.insert(1, [mention])
  },
  'a mention at the root': ({ doc }) => doc.getXmlFragment('note').insert(1, [element('mention')]),
  'an attribute of the text': ({ text }) => text.setAttribute('ychange', 'x'),
  'an unknown mark': ({ text }) => text.format(0, 3, { ychange: { user: 'x' } }),
  'the mark of an object’s own method': ({ text }) => text.format(0, 3, Object.fromEntries([['toString', {}]])),
  'a mark with an attribute it does not have': ({ text }) => text.format(0, 3, { bold: { style: 'x' } }),
  'a mark that is no object': ({ text }) => text.format(0, 3, { bold: 'true' }),
  'a link to a script': ({ text }) => text.format(0, 3, { link: { href: 'javascript:alert(1)' } }),
  'a link to a page of the product': ({ text }) => text.format(0, 3, { link: { href: '/dossiers' } }),
  'a link without an address': ({ text }) => text.format(0, 3, { link: {} }),
  'a link that dresses up': ({ text }) => text.format(0, 3, { link: { href: 'https://a.example', class: 'fixed inset-0' } }),
}

describe('L3 what the editor would delete, or could not show', () => {
  it.each(Object.entries(attacks))('%s: refused, by itself and as a whole', (_, attack) => {
    const note = aNote()
    const updates: Uint8Array[] = []
    note.doc.on('update', (bytes: Uint8Array) => updates.push(bytes))
    attack(note)
    const ground = new Ground(note.server)
    const verdicts = updates.map((bytes) => {
      const verdict = judgeUpdate(bytes, new Set([attacker]), ground)
      if (verdict.kind === 'accepted') ground.add(verdict.bytes)
      return verdict
    })
    expect(verdicts.at(-1)).toMatchObject({ kind: 'refused', code: 4411 })
    const whole = judgeUpdate(Y.encodeStateAsUpdate(note.doc), new Set([attacker]), new Ground(note.server))
    expect(whole).toMatchObject({ kind: 'refused', code: 4411 })
  })

  it('what the same editor may write there is taken: the judge looks at the place, not at the person', () => {
    const note = aNote()
    note.doc.transact(() => {
      note.text.format(0, 3, { bold: {}, link: { href: 'tel:+3110', target: '_blank', rel: 'noopener noreferrer nofollow', class: null } })
      note.text.insert(8, ' words')
      note.paragraph.insert(1, [element('hardBreak'), new Y.XmlText('more')])
      note.list.setAttribute('start', 3 as unknown as string)
      const item = element('listItem')
      item.insert(0, [element('paragraph')])
      note.list.insert(1, [item])
      note.doc.getXmlFragment('note').insert(2, [element('paragraph')])
    })
    const bytes = Y.encodeStateAsUpdate(note.doc, Y.encodeStateVector(note.server))
    expect(judgeUpdate(bytes, new Set([attacker]), new Ground(note.server))).toMatchObject({ kind: 'accepted', fresh: true })
  })

  it('deleting and writing at once: what is deleted may have stood anywhere', () => {
    const note = aNote()
    note.doc.transact(() => {
      note.paragraph.insert(0, [element('paragraph')])
      note.paragraph.delete(0, 1)
      note.text.insert(0, 'x')
    })
    const bytes = Y.encodeStateAsUpdate(note.doc, Y.encodeStateVector(note.server))
    expect(judgeUpdate(bytes, new Set([attacker]), new Ground(note.server))).toMatchObject({ kind: 'accepted' })
  })
})
