import { fold } from './fold.ts'

/** So much of a text is shown around the first place found, in UTF-16 units on each side. */
const around = 60

/**
 * The part of a text around the first of its words that begins with one of these folded ones, on one line, with `…` where it goes on; its
 * beginning where there is none.
 */
export function excerptOf(text: string, words: readonly string[]): string {
  const found = [...text.matchAll(/[^\s]+/gu)].find(([token]) => words.some((word) => fold(token).includes(word)))
  const at = found?.index ?? 0
  const from = at <= around ? 0 : beginningAt(text, at - around)
  const to = endAt(text, at + (found?.[0].length ?? 0) + around)
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
