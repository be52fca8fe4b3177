import type { DossierRow } from '#shared/contracts/dossier.ts'
import { Id } from '#shared/contracts/ids.ts'
import { containsAll, fold, words } from '#shared/domain/fold.ts'

/** Stands for "nobody" among owners and "no division" among divisions. */
export const none = 'none'
export type OrNone = Id | typeof none

/** What the board is narrowed to. Empty lists and an empty text narrow nothing; several entries of a list mean any of them. */
export interface BoardFilter {
  ownerIds: readonly OrNone[]
  divisionIds: readonly OrNone[]
  text: string
  /** Only what is past its stage's usual time. */
  pastTime: boolean
}

export const noFilter: BoardFilter = { ownerIds: [], divisionIds: [], text: '', pastTime: false }

const longestText = 100

/** Reads the filter out of the address bar; whatever is not of the form is left out. */
export function filterOf(url: Pick<URL, 'search' | 'hash'>): BoardFilter {
  const params = new URLSearchParams(url.search)
  return {
    ownerIds: idsOf(params.get('owner')),
    divisionIds: idsOf(params.get('division')),
    text: (new URLSearchParams(url.hash.slice(1)).get('q') ?? '').slice(0, longestText),
    pastTime: params.has('late'),
  }
}

/** The filter's address. Searched words are names, so they stand in the fragment, which no server or proxy gets to see. */
export function hrefOf(filter: BoardFilter): string {
  const parts = [
    ...(filter.ownerIds.length > 0 ? [`owner=${filter.ownerIds.join(',')}`] : []),
    ...(filter.divisionIds.length > 0 ? [`division=${filter.divisionIds.join(',')}`] : []),
    ...(filter.pastTime ? ['late=1'] : []),
  ]
  const text = filter.text.trim().slice(0, longestText)
  return `/board${parts.length > 0 ? `?${parts.join('&')}` : ''}${text ? `#${new URLSearchParams({ q: text })}` : ''}`
}

export function narrows(filter: BoardFilter): boolean {
  return hrefOf(filter) !== hrefOf(noFilter)
}

/** The list with this entry put in, or taken out where it was in. */
export function toggled<T>(list: readonly T[], entry: T): T[] {
  return list.includes(entry) ? list.filter((e) => e !== entry) : [...list, entry]
}

/** Tells of each row whether owner, division and text let it through, one by one: counts beside an owner ignore the owner filter. */
export function matcher(filter: BoardFilter): (row: DossierRow) => { owner: boolean; division: boolean; text: boolean } {
  const owners = new Set<OrNone>(filter.ownerIds)
  const divisions = new Set<OrNone>(filter.divisionIds)
  const wanted = words(filter.text)
  return (row) => ({
    owner: owners.size === 0 || owners.has(row.ownerId ?? none),
    division: divisions.size === 0 || divisions.has(row.divisionId ?? none),
    text: wanted.length === 0 || containsAll(foldedText(row), wanted),
  })
}

// rows are replaced, never mutated: what was folded once stays true as long as the row lives
const folded = new WeakMap<DossierRow, string>()

function foldedText(row: DossierRow): string {
  let text = folded.get(row)
  if (text === undefined) {
    text = fold(`${row.number} ${row.title} ${row.clientName} ${row.partnerName}`)
    folded.set(row, text)
  }
  return text
}

function idsOf(list: string | null): OrNone[] {
  return [...new Set((list ?? '').split(','))].filter((id) => id === none || Id.safeParse(id).success)
}
