import { describe, expect, it } from 'vitest'
import { Run } from './run.ts'

/** Numbers with which runs ended, when these wrote at these seconds. */
function endsOf(...strokes: [memberId: string | null, seconds: number][]): (number | null)[] {
  const run = new Run(20_000)
  return strokes.map(([memberId, seconds], i) => run.wrote({ seq: i + 1, memberId, at: seconds * 1_000 }))
}

describe('a run of writing', () => {
  it('ends where another begins after a while of quiet', () => {
    expect(endsOf(['ana', 0], ['ana', 5], ['bo', 30], ['bo', 31], ['ana', 90])).toEqual([null, null, 2, null, 4])
  })

  it('is one where two write at the same time, however often they take turns', () => {
    expect(endsOf(['ana', 0], ['bo', 1], ['ana', 2], ['bo', 3], ['ana', 40], ['bo', 41])).toEqual([null, null, null, null, null, null])
  })

  it('goes on where the same one comes back', () => {
    expect(endsOf(['ana', 0], ['ana', 500])).toEqual([null, null])
  })

  it('is ended by nobody whose name is not known', () => {
    expect(endsOf(['ana', 0], [null, 60], ['bo', 61])).toEqual([null, null, null])
  })

  it('begins anew once it was ended', () => {
    const run = new Run(20_000)
    run.wrote({ seq: 7, memberId: 'ana', at: 0 })
    expect([run.end(), run.end()]).toEqual([7, null])
    expect(run.wrote({ seq: 8, memberId: 'bo', at: 60_000 })).toBeNull()
  })
})
