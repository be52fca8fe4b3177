const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Letters that an earlier system wrote as UTF-8 and read as Latin-1 ("Ã" and an invisible U+0096 for "Ö") become what they were.
 * Only where such an invisible character gives it away: nobody types one, and names must not hold any.
 */
export function mendEncoding(text: string): string {
  return text.replace(/[\u00c2-\u00f4][\u0080-\u00bf]{1,3}/g, (letters) => (/[\u0080-\u009f]/.test(letters) ? decoded(letters) : letters))
}

/** The same letters where they are no UTF-8 after all. */
function decoded(letters: string): string {
  try {
    return utf8.decode(Uint8Array.from(letters, (letter) => letter.charCodeAt(0)))
  } catch {
    return letters
  }
}
