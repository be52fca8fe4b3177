import { isCommentField } from './comment.ts'
import { Id } from './ids.ts'
import { type NoteId, partsOf } from './note-id.ts'
import { noteField } from './notes-wire.ts'

/** What a link in a note may begin with. Anything else stays plain text. */
const linkSchemes = /^(https?:\/\/|mailto:|tel:)[^\s]+$/i
const maxAddressLength = 4_096

/** May this address be a link in a note? A scheme is required: a bare `example.com` would point into the product itself. */
export function mayLink(address: string | null | undefined): boolean {
  return typeof address === 'string' && address.length <= maxAddressLength && linkSchemes.test(address)
}

/** Is this a value that the editor writes there? */
type IsValue = (value: unknown) => boolean

interface ElementContents {
  /** Elements that may stand in it. */
  elements: readonly string[]
  /** Text may stand in it. */
  text: boolean
  attributes: Readonly<Record<string, IsValue>>
}

const oneOf =
  (...values: readonly unknown[]): IsValue =>
  (value) =>
    values.includes(value)

const isId: IsValue = (value) => Id.safeParse(value).success
const isStart: IsValue = (value) => typeof value === 'number' && Number.isSafeInteger(value)
const blocks = ['paragraph', 'bulletList', 'orderedList'] as const
const plain = { text: false, attributes: {} } as const

/** What may stand where in a note. A test keeps it to the editor's own schema: an editor deletes what it cannot place. */
export const noteElements: Readonly<Record<string, ElementContents>> = {
  paragraph: { elements: ['hardBreak', 'mention'], text: true, attributes: {} },
  bulletList: { ...plain, elements: ['listItem'] },
  orderedList: { ...plain, elements: ['listItem'], attributes: { start: isStart, type: oneOf(null) } },
  listItem: { ...plain, elements: blocks },
  hardBreak: { ...plain, elements: [] },
  mention: { ...plain, elements: [], attributes: { id: isId } },
}
/** What may stand in a text itself. */
export const noteRoot: Pick<ElementContents, 'elements' | 'text'> = { elements: blocks, text: false }

const mark: Readonly<Record<string, IsValue>> = {}
/** May a text of this name stand in that document? In a note there is one, in somebody's comments one for each. */
export function mayHold(note: NoteId, field: string): boolean {
  return partsOf(note).authorId === null ? field === noteField : isCommentField(field)
}

/** The marks of text and their attributes. Those of a link are the editor's own, but for the address. */
export const noteMarks: Readonly<Record<string, Readonly<Record<string, IsValue>>>> = {
  bold: mark,
  italic: mark,
  underline: mark,
  strike: mark,
  link: {
    href: (value) => typeof value === 'string' && mayLink(value),
    target: oneOf('_blank', null),
    rel: oneOf('noopener noreferrer nofollow', null),
    class: oneOf(null),
    title: oneOf(null),
  },
}

/** May a mark of this name have this value? Null takes it off. */
export function isMark(name: string, value: unknown): boolean {
  const attributes = Object.hasOwn(noteMarks, name) ? noteMarks[name] : undefined
  if (!attributes) return false
  if (value === null) return true
  if (typeof value !== 'object' || Array.isArray(value)) return false
  const given = Object.entries(value)
  if (name === 'link' && !('href' in value)) return false
  return given.every(([key, inner]) => Object.hasOwn(attributes, key) && attributes[key]?.(inner) === true)
}

/** May an element of this name have this attribute with this value? */
export function isAttribute(element: string, name: string, value: unknown): boolean {
  const attributes = Object.hasOwn(noteElements, element) ? noteElements[element]?.attributes : undefined
  return attributes !== undefined && Object.hasOwn(attributes, name) && attributes[name]?.(value) === true
}
