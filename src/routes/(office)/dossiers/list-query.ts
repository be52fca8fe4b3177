import type { Status } from '#shared/contracts/dossier.ts'
import { statuses } from '#shared/contracts/dossier.ts'
import { Id } from '#shared/contracts/ids.ts'

export const columns = ['number', 'client', 'title', 'owner', 'division', 'status', 'stage', 'amount', 'created', 'changed'] as const
export type Column = (typeof columns)[number]

/** What the list shows, and in which order. The address bar holds all of it. */
export interface ListQuery {
  tab: Status
  search: string
  /** Any of these; null is "nobody", or "no division". Empty: whoever. */
  owners: readonly (Id | null)[]
  divisions: readonly (Id | null)[]
  stages: readonly Id[]
  sort: Column
  descending: boolean
}

/** Newest changes first: what moved is what one looks for. */
export const defaultQuery: ListQuery = {
  tab: 'client',
  search: '',
  owners: [],
  divisions: [],
  stages: [],
  sort: 'changed',
  descending: true,
}

const nobody = 'none'

/** Reads an address. What is not understood counts as not there: an old link still opens the list. */
export function parseQuery(url: Pick<URL, 'searchParams' | 'hash'>): ListQuery {
  const { searchParams } = url
  const tab = statuses.find((status) => status === searchParams.get('tab')) ?? defaultQuery.tab
  const sortText = searchParams.get('sort') ?? ''
  const sort = columns.find((column) => column === sortText.replace(/^-/, ''))
  return {
    tab,
    search: new URLSearchParams(url.hash.slice(1)).get('q')?.slice(0, 200) ?? '',
    owners: idsOf(searchParams.get('owner')),
    divisions: idsOf(searchParams.get('division')),
    stages: idsOf(searchParams.get('stage')).filter((id) => id !== null),
    sort: sort ?? defaultQuery.sort,
    descending: sort ? sortText.startsWith('-') : defaultQuery.descending,
  }
}

/** The same query on the first tab with anything in it, where its own has nothing. */
export function onFilledTab(query: ListQuery, counts: Readonly<Record<Status, number>>): ListQuery {
  const filled = statuses.find((status) => counts[status] > 0)
  return filled === undefined || counts[query.tab] > 0 ? query : { ...query, tab: filled }
}

/** The address of a query. Searched words are names, so they stand in the fragment, which no server or proxy gets to see. */
export function hrefOf(query: ListQuery): string {
  const parts = [
    query.tab === defaultQuery.tab ? '' : `tab=${query.tab}`,
    listPart('owner', query.owners),
    listPart('division', query.divisions),
    listPart('stage', query.stages),
    query.sort === defaultQuery.sort && query.descending === defaultQuery.descending
      ? ''
      : `sort=${query.descending ? '-' : ''}${query.sort}`,
  ].filter(Boolean)
  const search = query.search.trim()
  return `/dossiers${parts.length > 0 ? `?${parts.join('&')}` : ''}${search ? `#${new URLSearchParams({ q: search }).toString()}` : ''}`
}

/** Is anything narrowed down, besides the tab? */
export function isFiltered(query: ListQuery): boolean {
  return query.search.trim() !== '' || query.owners.length > 0 || query.divisions.length > 0 || query.stages.length > 0
}

function idsOf(text: string | null): (Id | null)[] {
  const ids = (text ?? '').split(',').flatMap((id) => (id === nobody ? [null] : Id.safeParse(id).success ? [id] : []))
  return [...new Set(ids)]
}

function listPart(name: string, ids: readonly (Id | null)[]): string {
  return ids.length === 0 ? '' : `${name}=${ids.map((id) => id ?? nobody).join(',')}`
}
