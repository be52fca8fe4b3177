import { words } from '#shared/domain/fold.ts'

/** How well a folded text answers folded words: 0 not at all, more is better. Each word must be in it somewhere. */
export function score(text: string, asked: readonly string[]): number {
  let sum = 0
  for (const word of asked) {
    const at = text.indexOf(word)
    if (at < 0) return 0
    if (at === 0) sum += text.length === word.length || text[word.length] === ' ' ? 8 : 5
    else if (beginsWord(text, at)) sum += wordEnds(text, at + word.length) ? 6 : 4
    else sum += text.includes(` ${word}`) ? 4 : 1
  }
  return sum
}

function beginsWord(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1)
  // a space, or the hyphen of a number or a name
  return before === 32 || before === 45
}

function wordEnds(text: string, at: number): boolean {
  return at === text.length || text.charCodeAt(at) === 32
}

/**
 * The `most` best of many in one pass: the highest score first, equals by `newer` (the larger first). `textOf` hands out folded texts.
 */
export function best<T>(
  all: readonly T[],
  query: string,
  most: number,
  textOf: (one: T) => string,
  newer: (one: T) => number = () => 0,
): { one: T; score: number }[] {
  const asked = words(query)
  if (asked.length === 0) return []
  const found: { one: T; score: number }[] = []
  for (const one of all) {
    const points = score(textOf(one), asked)
    if (points === 0) continue
    const last = found.at(-1)
    if (found.length === most && last && !isBetter(points, newer(one), last.score, newer(last.one))) continue
    let place = found.length
    while (place > 0) {
      const above = found[place - 1]
      if (!above || !isBetter(points, newer(one), above.score, newer(above.one))) break
      place--
    }
    found.splice(place, 0, { one, score: points })
    if (found.length > most) found.pop()
  }
  return found
}

function isBetter(score: number, newer: number, otherScore: number, otherNewer: number): boolean {
  return score > otherScore || (score === otherScore && newer > otherNewer)
}
