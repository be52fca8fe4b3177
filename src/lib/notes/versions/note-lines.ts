import * as Y from 'yjs'

/** The marks of a piece of text, by name. */
export type Marks = Readonly<Record<string, unknown>>

/** A stretch of text whose letters were written one after the other under one client id; a break within a line is `\n`. */
export interface Piece {
  text: string
  client: number
  clock: number
  marks: Marks
}

/** A paragraph of a note. */
export interface Line {
  /** How many lists it stands in. */
  depth: number
  /** What stands before it: a bullet, a number, or nothing. */
  bullet: string
  pieces: Piece[]
}

/** The text of a note, line by line, with the addresses of its letters. */
export function linesOf(fragment: Y.XmlFragment): Line[] {
  const lines: Line[] = []
  for (const block of fragment.toArray()) if (block instanceof Y.XmlElement) addBlock(lines, block, 0, '')
  return lines
}

function addBlock(lines: Line[], block: Y.XmlElement, depth: number, bullet: string): void {
  if (block.nodeName === 'paragraph') return void lines.push({ depth, bullet, pieces: block.toArray().flatMap(piecesIn) })
  const first = Number(block.getAttribute('start') ?? 1)
  for (const [i, item] of block.toArray().entries()) {
    if (!(item instanceof Y.XmlElement)) continue
    const mark = block.nodeName === 'orderedList' ? `${first + i}.` : '•'
    for (const [j, inner] of item.toArray().entries()) {
      if (inner instanceof Y.XmlElement) addBlock(lines, inner, depth + 1, j === 0 ? mark : '')
    }
  }
}

function piecesIn(child: unknown): Piece[] {
  if (child instanceof Y.XmlText) return piecesOf(child)
  if (!(child instanceof Y.XmlElement) || !child._item) return []
  const { client, clock } = child._item.id
  return [{ text: child.nodeName === 'hardBreak' ? '\n' : '\u{fffc}', client, clock, marks: {} }]
}

/** A run of text, in pieces. */
export function piecesOf(text: Y.XmlText): Piece[] {
  const pieces: Piece[] = []
  const marks = new Map<string, unknown>()
  for (let item = text._start; item; item = item.right) {
    if (item.deleted) continue
    const { content } = item
    if (content instanceof Y.ContentFormat) {
      if (content.value === null) marks.delete(content.key)
      else marks.set(content.key, content.value)
    } else if (content instanceof Y.ContentString) pieces.push({ text: content.str, ...item.id, marks: Object.fromEntries(marks) })
  }
  return pieces
}
