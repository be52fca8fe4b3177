import type { Client } from '#shared/contracts/client.ts'
import type { Dossier, DossierRow } from '#shared/contracts/dossier.ts'
import { rowOf } from '#shared/domain/apply.ts'
import { fold } from '#shared/domain/fold.ts'
import { partnerNameOf, personName } from '#shared/domain/household.ts'
import type { DossierFilter, DossierSort, Put } from '../../server/store/store.ts'

type Reach = NonNullable<DossierFilter['reach']>

/** What lists and searches of one office must answer, the plain way: everything in memory, every question asked of every record. */
export class Model {
  readonly dossiers = new Map<string, Dossier>()
  readonly clients = new Map<string, Client>()

  apply(puts: readonly Put[]): void {
    for (const put of puts) {
      if (put.kind === 'dossier') this.dossiers.set(put.record.id, put.record)
      if (put.kind === 'client') this.clients.set(put.record.id, put.record)
    }
  }

  rows(): DossierRow[] {
    return [...this.dossiers.values()].map(rowOf)
  }

  matching(filter: DossierFilter): Dossier[] {
    return [...this.dossiers.values()].filter((dossier) => matches(dossier, filter))
  }

  page(filter: DossierFilter, { by, descending }: { by: DossierSort; descending: boolean }, offset: number, limit: number) {
    const found = this.matching(filter)
    const sign = descending ? -1 : 1
    found.sort((a, b) => sign * compare(keyOf(a[by]), keyOf(b[by])) || compare(a.id, b.id))
    return { total: found.length, dossiers: found.slice(offset, offset + limit) }
  }

  counts(filter: DossierFilter): Map<string, { count: number; sum: number }> {
    const counts = new Map<string, { count: number; sum: number }>()
    for (const { stageId, status, amount } of this.matching(filter)) {
      const key = `${stageId} ${status}`
      const { count, sum } = counts.get(key) ?? { count: 0, sum: 0 }
      counts.set(key, { count: count + 1, sum: sum + (amount ?? 0) })
    }
    return counts
  }

  search(words: readonly string[], limit: number, reach?: Reach): Client[] {
    return [...this.clients.values()]
      .filter((client) => hasWords([personName(client), partnerNameOf(client), client.reference ?? ''], words))
      .filter((client) => !reach || this.#seesClient(client, reach))
      .sort((a, b) => compare(fold(personName(a)), fold(personName(b))) || compare(a.id, b.id))
      .slice(0, limit)
  }

  #seesClient(client: Client, reach: Reach): boolean {
    return sees({ ...client, readerIds: [] }, reach) || this.rows().some((row) => row.clientId === client.id && sees(row, reach))
  }
}

function matches(dossier: Dossier, { number, clientId, status, ownerId, divisionId, stageId, words, reach }: DossierFilter): boolean {
  return (
    (number === undefined || dossier.number === number) &&
    (clientId === undefined || dossier.clientId === clientId) &&
    (!status || status.includes(dossier.status)) &&
    (ownerId === undefined || dossier.ownerId === ownerId) &&
    (divisionId === undefined || dossier.divisionId === divisionId) &&
    (stageId === undefined || dossier.stageId === stageId) &&
    hasWords([dossier.number, dossier.title, dossier.clientName, dossier.partnerName], words ?? []) &&
    (!reach || sees(dossier, reach))
  )
}

function sees({ divisionId, ownerId, readerIds }: Pick<Dossier, 'divisionId' | 'ownerId' | 'readerIds'>, reach: Reach): boolean {
  return (
    (divisionId !== null && reach.divisionIds.includes(divisionId)) ||
    (ownerId !== null && reach.ownerIds.includes(ownerId)) ||
    readerIds.includes(reach.memberId)
  )
}

function hasWords(texts: readonly string[], words: readonly string[]): boolean {
  const text = fold(texts.join(' '))
  return words.every((word) => wordStarts(text).some((at) => text.startsWith(word, at)))
}

/** After white space, and at a letter or digit that follows anything else. */
function wordStarts(text: string): number[] {
  const starts: number[] = []
  let before = ' '
  let at = 0
  for (const letter of text) {
    const begins = /\s/u.test(before) ? !/\s/u.test(letter) : /[\p{L}\p{N}]/u.test(letter) && !/[\p{L}\p{N}]/u.test(before)
    if (begins) starts.push(at)
    before = letter
    at += letter.length
  }
  return starts
}

function keyOf(value: string | number | null): string | number | null {
  return typeof value === 'string' ? fold(value) : value
}

/** Nothing before something; texts code point by code point, which is the order of their UTF-8. */
function compare(a: string | number | null, b: string | number | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null)
  if (typeof a === 'string' || typeof b === 'string') return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)))
  return a - b
}
