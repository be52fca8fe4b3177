import type { Client } from '#shared/contracts/client.ts'
import type { DossierRow } from '#shared/contracts/dossier.ts'
import { words } from '#shared/domain/fold.ts'
import { partnerNameOf, personName } from '#shared/domain/household.ts'

/** The texts by whose words a client is found. */
export function clientTexts(client: Client): string[] {
  return [personName(client), partnerNameOf(client), client.reference ?? '']
}

/** The texts by whose words a dossier is found. */
export function dossierTexts({
  number,
  title,
  clientName,
  partnerName,
}: Pick<DossierRow, 'number' | 'title' | 'clientName' | 'partnerName'>): string[] {
  return [number, title, clientName, partnerName]
}

/**
 * Every place where a word of these texts begins, folded: `2026-0042` is found by `2026-0042` and by `0042`, `Jean-Pierre` by
 * `jean` and by `pierre`.
 */
export function searchWords(texts: readonly string[]): Set<string> {
  const found = new Set<string>()
  for (const word of words(texts.join(' '))) {
    found.add(word)
    if (!plain.test(word)) for (const start of word.matchAll(beginnings)) found.add(word.slice(start.index))
  }
  return found
}

const plain = /^[a-z0-9]+$/
const beginnings = /(?<![\p{L}\p{N}])[\p{L}\p{N}]/gu

/** All texts that begin with a word lie from `from` up to, not including, `below`, whose end is the last code point there is. */
export function rangeOf(word: string): { from: string; below: string } {
  return { from: word, below: `${word}\u{10FFFF}` }
}
