import * as Y from 'yjs'
import { noteField } from '#shared/contracts/notes-wire.ts'
import { type Dice, oneOf } from './dice.ts'
import type { Piece, Ref } from './update-writer.ts'

/** Something in a note that holds things. */
export interface Holder {
  /** `note`, `text`, or the element's name. */
  kind: string
  /** Null: the text itself. */
  ref: Ref | null
  /** The name of the text. */
  field: string
  /** First and last clock of what stands in it. */
  children: { first: Ref; last: Ref }[]
  attributes: { key: string; ref: Ref }[]
}

/** A note of every kind of content, under the client id of this document. */
export function writeVictimNote(doc: Y.Doc, field = noteField): void {
  doc.transact(() => {
    const [words, more] = [new Y.XmlText('precious words of the victim'), new Y.XmlText('after the break 🙂')]
    const [first, second, removed] = [element('paragraph', words), element('paragraph', more), element('paragraph', new Y.XmlText('gone'))]
    const inner = element('bulletList', element('listItem', element('paragraph', new Y.XmlText('inner point'))))
    const list = element(
      'orderedList',
      element('listItem', element('paragraph', new Y.XmlText('point'))),
      element('listItem', element('paragraph'), inner),
    )
    doc.getXmlFragment(field).insert(0, [first, second, removed, list])
    second.insert(0, [new Y.XmlText('before it'), new Y.XmlElement('hardBreak')])
    words.format(0, 8, { bold: {} })
    words.format(9, 5, { link: { href: 'https://bank.example', target: '_blank' } })
    list.setAttribute('start', 3 as unknown as string)
    list.setAttribute('start', 4 as unknown as string)
    doc.getXmlFragment(field).delete(2, 1)
  })
}

function element(name: string, ...children: (Y.XmlElement | Y.XmlText)[]): Y.XmlElement {
  const made = new Y.XmlElement(name)
  made.insert(0, children)
  return made
}

/** Everything in a note that holds things, in the order of the text. */
export function holdersOf(doc: Y.Doc, field = noteField): Holder[] {
  const text = doc.getXmlFragment(field)
  return [holderOf(text, 'note'), ...within(text)].map((holder) => ({ ...holder, field }))
}

function within(parent: Y.XmlFragment | Y.XmlElement): Omit<Holder, 'field'>[] {
  return parent.toArray().flatMap((child) => {
    if (child instanceof Y.XmlElement) return [holderOf(child, child.nodeName), ...within(child)]
    return child instanceof Y.XmlText ? [holderOf(child, 'text')] : []
  })
}

function holderOf(type: Y.XmlFragment | Y.XmlText, kind: string): Omit<Holder, 'field'> {
  const children: Holder['children'] = []
  for (let item = type._start; item; item = item.right) {
    const { client, clock } = item.id
    if (!item.deleted) children.push({ first: [client, clock], last: [client, clock + item.length - 1] })
  }
  const attributes = [...type._map].map(([key, item]) => ({ key, ref: [item.id.client, item.id.clock] as const }))
  return { kind, ref: type._item ? [type._item.id.client, type._item.id.clock] : null, children, attributes }
}

/** A place among what stands in this: between two neighbours, beside one of them, or in it where it is empty. */
export function placeIn({ ref, field, children }: Holder, dice: Dice): Pick<Piece, 'left' | 'right' | 'parent'> {
  if (children.length === 0) return { parent: ref ?? field }
  const at = dice(children.length + 1)
  const [before, after] = [children[at - 1], children[at]]
  const [left, right] = [before?.last, after?.first]
  if (left && right) return oneOf(dice, [{ left, right }, { left }, { right }])
  return { left, right }
}
