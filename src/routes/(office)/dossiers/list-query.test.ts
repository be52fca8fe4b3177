import { describe, expect, it } from 'vitest'
import { defaultQuery, hrefOf, isFiltered, type ListQuery, onFilledTab, parseQuery } from './list-query.ts'

const read = (href: string) => parseQuery(new URL(href, 'http://office.example'))

describe('the address bar holds all of it', () => {
  it('reads back what it wrote', () => {
    const query: ListQuery = {
      tab: 'closed',
      search: 'Müller & Søn',
      owners: [null, 'owner-ana-000001'],
      divisions: ['division-lyon-01'],
      stages: ['stage-first-0001', 'stage-second-001'],
      sort: 'amount',
      descending: true,
    }
    expect(read(hrefOf(query))).toEqual(query)
  })

  it('says nothing about what is as usual', () => {
    expect(hrefOf(defaultQuery)).toBe('/dossiers')
    expect(read('/dossiers')).toEqual(defaultQuery)
  })

  it('keeps searched names out of what a server gets to see', () => {
    const url = new URL(hrefOf({ ...defaultQuery, search: 'Brunet' }), 'http://office.example')
    expect(url.pathname + url.search).not.toContain('Brunet')
    expect(read(url.href).search).toBe('Brunet')
  })

  it('opens the list for an address that it does not understand', () => {
    expect(read('/dossiers?tab=nope&owner=<script>,x&sort=-size&stage=none')).toEqual(defaultQuery)
  })

  it('is led to the first tab with anything in it, where its own has nothing', () => {
    const none = { prospect: 0, client: 0, abandoned: 0, closed: 0 }
    expect(onFilledTab(defaultQuery, { ...none, prospect: 2, closed: 1 })).toEqual({ ...defaultQuery, tab: 'prospect' })
    expect(onFilledTab(defaultQuery, { ...none, closed: 1 }).tab).toBe('closed')
    expect(onFilledTab(defaultQuery, { ...none, client: 1, closed: 1 })).toBe(defaultQuery)
    expect(onFilledTab(defaultQuery, none)).toBe(defaultQuery)
  })

  it('tells a filtered list from a whole one', () => {
    expect(isFiltered({ ...defaultQuery, tab: 'closed', sort: 'number' })).toBe(false)
    expect(isFiltered({ ...defaultQuery, search: ' ' })).toBe(false)
    expect(isFiltered({ ...defaultQuery, owners: [null] })).toBe(true)
  })
})
