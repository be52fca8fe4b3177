import { describe, expect, it } from 'vitest'
import { type Entry, matchingEntries, opening } from './find.ts'

const entry = (key: string, label = key): Entry => ({ key, label, run: () => {} })
const shown = (groups: ReturnType<typeof opening>) => groups.map(({ key, entries }) => [key, ...entries.map((e) => e.key)])

describe('the palette', () => {
  it('begins with what was used last, the newest first, and shows nothing twice', () => {
    const groups = [
      { key: 'here' as const, entries: [entry('owner'), entry('stage')] },
      { key: 'screens' as const, entries: [entry('board'), entry('list')] },
    ]
    expect(shown(opening(groups, ['board', 'gone', 'stage', 'owner'], 2))).toEqual([
      ['recent', 'board', 'stage'],
      ['here', 'owner'],
      ['screens', 'list'],
    ])
    expect(shown(opening([{ key: 'here', entries: [entry('owner')] }], ['owner'], 4))).toEqual([['recent', 'owner']])
  })

  it('finds a deed by any of its words, accents folded', () => {
    const deeds = [entry('a', 'Move to stage…'), entry('b', 'Étape suivante'), entry('c', 'Sign out')]
    expect(matchingEntries(deeds, 'stage', 5).entries.map((e) => e.key)).toEqual(['a'])
    expect(matchingEntries(deeds, 'etape', 5).entries.map((e) => e.key)).toEqual(['b'])
    expect(matchingEntries(deeds, 'zzz', 5)).toEqual({ entries: [], best: 0 })
  })
})
