import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keptVersions } from './kept-versions.ts'

const hour = 3_600_000
const day = 24 * hour
const now = Date.UTC(2026, 10, 26, 12)

const versions = fc
  .array(fc.record({ ago: fc.integer({ min: 0, max: 120 * 24 }), name: fc.option(fc.constant('named'), { freq: 12 }) }), { maxLength: 60 })
  .map((all) => all.map(({ ago, name }) => ({ at: now - ago * hour, name })).toSorted((a, b) => a.at - b.at))

describe('which versions of a note are kept', () => {
  it('is all of a day, then the last of each day, then the last of each week', () => {
    const at = [100, 99, 40.1, 40, 3.2, 3.1, 0.5, 0.1].map((days) => ({ at: now - days * day, name: null }))
    expect(keptVersions(at, now).map((version) => (now - version.at) / day)).toEqual([99, 40, 3.1, 0.5, 0.1])
  })

  it('is every named one, every one of the last day, and the newest, whatever else', () => {
    fc.assert(
      fc.property(versions, (all) => {
        const kept = new Set(keptVersions(all, now))
        for (const version of all)
          if (version.name !== null || now - version.at < day || version === all.at(-1)) expect(kept).toContain(version)
      }),
    )
  })

  it('leaves at most one unnamed of each older day, and of each week before that, beside the newest', () => {
    fc.assert(
      fc.property(versions, (all) => {
        const old = keptVersions(all, now).filter(({ at, name }) => name === null && now - at >= day)
        const days = old.map(({ at }) => Math.floor(at / day))
        const weeks = old.filter(({ at }) => now - at >= 30 * day).map(({ at }) => Math.floor((Math.floor(at / day) + 3) / 7))
        expect(days.length - new Set(days).size).toBeLessThanOrEqual(1)
        expect(weeks.length - new Set(weeks).size).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('is the same whether it is looked at now and then, or once in the end', () => {
    fc.assert(
      fc.property(versions, fc.array(fc.integer({ min: 0, max: 90 * 24 }), { maxLength: 5 }), (all, looks) => {
        const newest = { at: now, name: null }
        let kept = all
        for (const ago of looks.toSorted((a, b) => b - a)) {
          const at = now - ago * hour
          const until = kept.filter((version) => version.at <= at)
          kept = [...keptVersions(until, at), ...kept.filter((version) => version.at > at)]
        }
        const expected = keptVersions([...all, newest], now)
        // the newest of a look stays until the next one: nothing else may be more
        expect(keptVersions([...kept, newest], now)).toEqual(expected)
      }),
    )
  })
})
