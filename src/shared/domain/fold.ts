/** One folding for every search, in browser and store: accents off, ø→o, æ→ae, œ→oe, ß→ss, lower case. */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[øæœßłđð]/g, (letter) => letters[letter] ?? letter)
}

const letters: Record<string, string> = { ø: 'o', æ: 'ae', œ: 'oe', ß: 'ss', ł: 'l', đ: 'd', ð: 'd' }

/** Does a folded text contain every word of a folded query? */
export function containsAll(folded: string, words: readonly string[]): boolean {
  return words.every((word) => folded.includes(word))
}

/** The words of a query, folded. */
export function words(query: string): string[] {
  return fold(query).split(/\s+/).filter(Boolean)
}
