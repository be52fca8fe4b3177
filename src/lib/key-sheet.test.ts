import { describe, expect, it } from 'vitest'
import { capsOf, sheetOf } from './key-sheet.ts'

const run = () => {}

describe('the sheet of all keys', () => {
  it('lists every key that is bound, by the place it works in, with those that do the same on one line', () => {
    const sheet = sheetOf([
      { where: 'List', bindings: { j: { run, label: 'Next' }, ArrowDown: { run, label: 'Next' }, s: { run, label: 'Stage' } } },
      { where: 'Everywhere', bindings: { 'g d': { run, label: 'Dossiers' }, Home: { label: 'First card' } } },
    ])
    expect(sheet).toEqual([
      {
        where: 'List',
        lines: [
          { keys: ['j', 'ArrowDown'], label: 'Next' },
          { keys: ['s'], label: 'Stage' },
        ],
      },
      {
        where: 'Everywhere',
        lines: [
          { keys: ['g d'], label: 'Dossiers' },
          { keys: ['Home'], label: 'First card' },
        ],
      },
    ])
  })

  it('a key that the page has taken is listed there alone', () => {
    const sheet = sheetOf([
      { where: 'Board', bindings: { '/': { run, label: 'Search the board' } } },
      { where: 'Everywhere', bindings: { '/': { run, label: 'Search' } } },
    ])
    expect(sheet).toEqual([{ where: 'Board', lines: [{ keys: ['/'], label: 'Search the board' }] }])
  })

  it('names the caps as they are on the keyboard', () => {
    expect(capsOf('Mod+k', false)).toEqual(['Ctrl', 'k'])
    expect(capsOf('Mod+k', true)).toEqual(['⌘', 'k'])
    expect(capsOf('g d', false)).toEqual(['g', 'd'])
    expect(capsOf('Shift+ArrowRight', false)).toEqual(['Shift', '→'])
  })
})
