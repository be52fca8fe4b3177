import { describe, expect, it } from 'vitest'
import { filterOf, hrefOf, matcher, narrows, noFilter, toggled } from './board-filter.ts'
import { sampleRow } from './sample-row.fixture.ts'

const ana = 'owner-ana-000001'
const lyon = 'division-lyon-01'

const read = (href: string) => filterOf(new URL(href, 'http://localhost'))

describe('the filter in the address bar', () => {
  it('comes back as it was put in', () => {
    const filter = { ownerIds: [ana, 'none'], divisionIds: [lyon], text: 'søren & co', pastTime: true }
    expect(read(hrefOf(filter))).toEqual(filter)
  })

  it('keeps searched names out of what a server or proxy gets to see', () => {
    const url = new URL(hrefOf({ ...noFilter, ownerIds: [ana], text: 'Müßig' }), 'http://localhost')
    expect(url.search).toBe(`?owner=${ana}`)
    expect(url.pathname).toBe('/board')
    expect(new URLSearchParams(url.hash.slice(1)).get('q')).toBe('Müßig')
  })

  it('is empty where nothing is narrowed', () => {
    expect(hrefOf(noFilter)).toBe('/board')
    expect(read('/board')).toEqual(noFilter)
    expect(narrows({ ...noFilter, text: '  ' })).toBe(false)
    expect(narrows({ ...noFilter, pastTime: true })).toBe(true)
  })

  it('leaves out what is not an id, and names each once', () => {
    expect(read(`/board?owner=${ana},${ana},%3Cscript%3E&division=x`)).toEqual({ ...noFilter, ownerIds: [ana] })
  })

  it('cuts a text of unusual length', () => {
    expect(read(`/board#q=${'x'.repeat(500)}`).text).toHaveLength(100)
  })
})

describe('what a filter lets through', () => {
  const row = sampleRow({ ownerId: ana, divisionId: lyon, clientName: 'Søren Müßig', number: '2024-00017', title: 'Première maison' })

  it('finds accents and special letters by their plain ones, every word somewhere in number, title or names', () => {
    const passes = (text: string) => matcher({ ...noFilter, text })(row).text
    expect(passes('soren mussig')).toBe(true)
    expect(passes('premiere 00017')).toBe(true)
    expect(passes('soren hansen')).toBe(false)
  })

  it('judges owner and division each by itself, with nobody and none as entries of their own', () => {
    const match = matcher({ ...noFilter, ownerIds: [ana, 'none'], divisionIds: ['none'] })
    expect(match(row)).toEqual({ owner: true, division: false, text: true })
    expect(match(sampleRow({ ownerId: null, divisionId: null }))).toEqual({ owner: true, division: true, text: true })
    expect(match(sampleRow({ ownerId: 'owner-bo-0000001', divisionId: lyon }))).toEqual({ owner: false, division: false, text: true })
  })
})

it('a click puts a person into the filter, another takes them out', () => {
  expect(toggled(['a'], 'b')).toEqual(['a', 'b'])
  expect(toggled(['a', 'b'], 'a')).toEqual(['b'])
})
