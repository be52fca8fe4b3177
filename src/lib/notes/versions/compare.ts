import type * as Y from 'yjs'
import type { Id } from '#shared/contracts/ids.ts'
import { noteField } from '#shared/contracts/notes-wire.ts'
import { ClockRanges } from '#shared/domain/clock-ranges.ts'
import type { Authors } from './note-authors.ts'
import { type Line, linesOf, type Marks, type Piece } from './note-lines.ts'
import { changedWords } from './word-changes.ts'

/** A stretch of text as a comparison shows it. */
export interface ShownPiece {
  text: string
  marks: Marks
  /** Null: it stands in both. */
  change: 'added' | 'deleted' | null
  /** Who added or deleted it; null: not known. */
  by: Id | null
}
export interface ShownLine extends Omit<Line, 'pieces'> {
  pieces: ShownPiece[]
}
export interface Comparison {
  older: ShownLine[]
  newer: ShownLine[]
}

/** Shorter texts are no sign that something was only moved. */
const movedLength = 3

/**
 * Two states of one note side by side: what of the older is not in the newer, and what of the newer was not in the older, each with who did it.
 * Letters are the same when they have the same address, which they have within an epoch. What stands elsewhere with the same words, as after a
 * paragraph is divided, is no change.
 */
export function compare(older: Y.Doc, newer: Y.Doc, authors: Authors): Comparison {
  const [before, after] = [older, newer].map((doc) => linesOf(doc.getXmlFragment(noteField))) as [Line[], Line[]]
  const deleted = marked(before, addressesOf(after), 'deleted', ({ client, clock }) => authors.deleter(client, clock))
  const added = marked(after, addressesOf(before), 'added', ({ client }) => authors.writer(client))
  unmarkMoved(deleted, added)
  return { older: deleted, newer: added }
}

/** Two states without common addresses, as of two epochs: by their words, and nobody knows by whom. */
export function compareByText(older: Y.Doc, newer: Y.Doc): Comparison {
  const [before, after] = [older, newer].map((doc) => linesOf(doc.getXmlFragment(noteField))) as [Line[], Line[]]
  const textOf = (lines: Line[]) => lines.map(({ pieces }) => pieces.map(({ text }) => text).join('')).join('\n')
  const { deleted, added } = changedWords(textOf(before), textOf(after))
  return { older: markedAt(before, deleted, 'deleted'), newer: markedAt(after, added, 'added') }
}

function addressesOf(lines: readonly Line[]): ClockRanges {
  const ranges = new ClockRanges()
  for (const { pieces } of lines) for (const { client, clock, text } of pieces) ranges.add(client, clock, clock + text.length)
  return ranges
}

function marked(lines: readonly Line[], others: ClockRanges, change: 'added' | 'deleted', by: (piece: Piece) => Id | null): ShownLine[] {
  return lines.map((line) => ({
    ...line,
    pieces: joined(
      line.pieces.flatMap((piece) => parts(piece, others)).map((part) => shown(part, part.isChanged ? change : null, by(part))),
    ),
  }))
}

/** A piece cut where it begins or ceases to stand in the other state, and by letter where it does not. */
function parts(piece: Piece, others: ClockRanges): (Piece & { isChanged: boolean })[] {
  const { client, clock, text, marks } = piece
  const cut = (from: number, to: number, isChanged: boolean) => {
    return { client, clock: from, text: text.slice(from - clock, to - clock), marks, isChanged }
  }
  const found: (Piece & { isChanged: boolean })[] = []
  let at = clock
  for (const [from, to] of others.missing(client, clock, clock + text.length)) {
    if (from > at) found.push(cut(at, from, false))
    // several may have had a hand in it
    for (let letter = from; letter < to; letter++) found.push(cut(letter, letter + 1, true))
    at = to
  }
  if (at < clock + text.length) found.push(cut(at, clock + text.length, false))
  return found
}

function shown({ text, marks }: Piece, change: ShownPiece['change'], by: Id | null): ShownPiece {
  return { text, marks, change, by: change === null ? null : by }
}

/** Neighbours that look the same are one. */
function joined(pieces: readonly ShownPiece[]): ShownPiece[] {
  const all: ShownPiece[] = []
  for (const piece of pieces) {
    const last = all.at(-1)
    const isLike =
      last && last.change === piece.change && last.by === piece.by && JSON.stringify(last.marks) === JSON.stringify(piece.marks)
    if (isLike) last.text += piece.text
    else all.push({ ...piece })
  }
  return all
}

/** What was deleted here and added there with the same words was moved: an editor writes anew what it moves. */
function unmarkMoved(older: readonly ShownLine[], newer: readonly ShownLine[]): void {
  const changedIn = (lines: readonly ShownLine[]) =>
    lines.flatMap(({ pieces }) => pieces).filter(({ change, text }) => change !== null && text.trim().length >= movedLength)
  const added = changedIn(newer)
  for (const piece of changedIn(older)) {
    const i = added.findIndex(({ text }) => text === piece.text)
    if (i < 0) continue
    for (const moved of [piece, ...added.splice(i, 1)]) Object.assign(moved, { change: null, by: null })
  }
}

/** Marks what lies at these places of the whole text, in which a line ends with a letter of its own. */
function markedAt(lines: readonly Line[], places: readonly (readonly [number, number])[], change: 'added' | 'deleted'): ShownLine[] {
  let at = 0
  const isIn = (place: number) => places.some(([from, to]) => from <= place && place < to)
  return lines.map((line) => {
    const letters = line.pieces.flatMap(({ text, marks }) => [...text].map((letter) => ({ letter, marks })))
    const pieces = letters.map(({ letter, marks }): ShownPiece => {
      const piece = { text: letter, marks, change: isIn(at) ? change : null, by: null }
      at += letter.length
      return piece
    })
    at++
    return { ...line, pieces: joined(pieces) }
  })
}
