type Span = readonly [from: number, to: number]

/** So many words are compared one by one; of what is longer, all is taken to be changed. */
const mostWords = 3_000

/** Which places of two texts are not in the other, by words: from, and up to but without. */
export function changedWords(older: string, newer: string): { deleted: Span[]; added: Span[] } {
  const [a, b] = [wordsOf(older), wordsOf(newer)]
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++
  const common = inBoth(a.slice(start, a.length - end), b.slice(start, b.length - end))
  return {
    deleted: spansOf(a, (i) => i >= start && i < a.length - end && !common.a.has(i - start)),
    added: spansOf(b, (i) => i >= start && i < b.length - end && !common.b.has(i - start)),
  }
}

function wordsOf(text: string): string[] {
  return text.match(/\p{L}+|\p{N}+|\s+|[^\p{L}\p{N}\s]/gu) ?? []
}

/** The indices of a longest common sequence. */
function inBoth(a: readonly string[], b: readonly string[]): { a: Set<number>; b: Set<number> } {
  const found = { a: new Set<number>(), b: new Set<number>() }
  if (a.length > mostWords || b.length > mostWords) return found
  const width = b.length + 1
  // how long the longest is from here on
  const longest = new Uint16Array((a.length + 1) * width)
  const at = (i: number, j: number) => longest[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      longest[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) {
      found.a.add(i++)
      found.b.add(j++)
    } else if (at(i + 1, j) >= at(i, j + 1)) i++
    else j++
  }
  return found
}

function spansOf(words: readonly string[], isChanged: (i: number) => boolean): Span[] {
  const spans: [number, number][] = []
  let at = 0
  for (const [i, word] of words.entries()) {
    const last = spans.at(-1)
    if (isChanged(i)) {
      if (last?.[1] === at) last[1] = at + word.length
      else spans.push([at, at + word.length])
    }
    at += word.length
  }
  return spans
}
