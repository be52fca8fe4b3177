import { fold } from './fold.ts'

/** So much of a text is shown before the first place found and after it, in UTF-16 units: of a line that is cut off the beginning is seen. */
const before = 20
const after = 100

/**
 * The part of a text around the first of its words that begins with one of these folded ones, on one line, with `…` where it goes on; its
 * beginning where there is none.
 */
export function excerptOf(text: string, words: readonly string[]): string {
  const found = [...text.matchAll(/[^\s]+/gu)].find(([token]) => words.some((word) => fold(token).includes(word)))
  const at = found?.index ?? 0
  const from = at <= before ? 0 : beginningAt(text, at - before)
  const to = endAt(text, at + (found?.[0].length ?? 0) + after)
  const part = text.slice(from, to).replace(/\s+/gu, ' ').trim()
  return `${from > 0 ? '… ' : ''}${part}${to < text.length ? ' …' : ''}`
}

/** The first word's beginning from here on: no word, and no letter, is cut. */
function beginningAt(text: string, from: number): number {
  return from + Math.max(0, text.slice(from).search(/(?<=\s)\S/u))
}

function endAt(text: string, to: number): number {
  if (to >= text.length) return text.length
  const rest = text.slice(to).search(/\s/u)
  return rest < 0 ? text.length : to + rest
}
