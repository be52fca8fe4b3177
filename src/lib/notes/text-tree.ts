import * as Y from 'yjs'
import { mayLink } from '#shared/contracts/note-contents.ts'
import type { Id } from '#shared/contracts/ids.ts'

/** A run of a text: words with their marks, a line break, or a member named there. */
export type Inline =
  { kind: 'words'; words: string; marks: readonly Mark[]; href: string | null } | { kind: 'break' } | { kind: 'mention'; memberId: Id }
export type Mark = 'bold' | 'italic' | 'underline' | 'strike'

/** A paragraph, or a list of items that hold such blocks again. */
export type Block = { kind: 'paragraph'; inlines: Inline[] } | { kind: 'list'; isOrdered: boolean; start: number; items: Block[][] }

const marks: readonly Mark[] = ['bold', 'italic', 'underline', 'strike']

/** A shared text as plain data, to be shown without an editor. What an editor does not know is left out. */
export function textTree(fragment: Y.XmlFragment): Block[] {
  return fragment.toArray().flatMap((node) => (node instanceof Y.XmlElement ? blockOf(node) : []))
}

/** The members named in a text, each once, in the order of the text. */
export function mentionsIn(blocks: readonly Block[]): Id[] {
  const named = inlinesOf(blocks).flatMap((inline) => (inline.kind === 'mention' ? [inline.memberId] : []))
  return [...new Set(named)]
}

/** Is there nothing to read in it? */
export function isBlank(blocks: readonly Block[]): boolean {
  return inlinesOf(blocks).every((inline) => inline.kind === 'break' || (inline.kind === 'words' && inline.words.trim() === ''))
}

function inlinesOf(blocks: readonly Block[]): Inline[] {
  return blocks.flatMap((block) => (block.kind === 'paragraph' ? block.inlines : block.items.flatMap(inlinesOf)))
}

function blockOf(element: Y.XmlElement): Block[] {
  const children = element.toArray()
  switch (element.nodeName) {
    case 'paragraph':
      return [{ kind: 'paragraph', inlines: children.flatMap(inlineOf) }]
    case 'bulletList':
    case 'orderedList':
      return [{ kind: 'list', isOrdered: element.nodeName === 'orderedList', start: startOf(element), items: children.flatMap(itemOf) }]
    default:
      return []
  }
}

function itemOf(node: unknown): Block[][] {
  return node instanceof Y.XmlElement && node.nodeName === 'listItem' ? [textTree(node)] : []
}

/** The editor stores numbers, though the type of an attribute's value is text. */
function startOf(list: Y.XmlElement): number {
  return Number(list.getAttribute('start') ?? 1)
}

function inlineOf(node: unknown): Inline[] {
  if (node instanceof Y.XmlText) return (node.toDelta() as Delta[]).flatMap(wordsOf)
  if (!(node instanceof Y.XmlElement)) return []
  if (node.nodeName === 'hardBreak') return [{ kind: 'break' }]
  const memberId = node.getAttribute('id')
  return node.nodeName === 'mention' && memberId ? [{ kind: 'mention', memberId }] : []
}

interface Delta {
  insert?: unknown
  attributes?: Record<string, unknown>
}

function wordsOf({ insert, attributes = {} }: Delta): Inline[] {
  if (typeof insert !== 'string') return []
  const href = (attributes.link as { href?: string } | undefined)?.href
  return [{ kind: 'words', words: insert, marks: marks.filter((mark) => attributes[mark]), href: href && mayLink(href) ? href : null }]
}
