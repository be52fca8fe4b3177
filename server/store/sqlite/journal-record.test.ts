import { describe, expect, it } from 'vitest'
import { decodeHalf, encodeRecord, type JudgedAppend, stamp } from './journal-record.ts'

function anAppend(seq: number): JudgedAppend {
  const bytes = Uint8Array.from({ length: seq * 3 }, (_, i) => (i * 7) % 256)
  return { officeId: 'office00000000001', note: 'noteé', epoch: 1_800_000_000, seq, memberId: 'ana', at: 1_795_000_000_000, bytes }
}

function recordOf(generation: number, appends: readonly JudgedAppend[]): Uint8Array {
  const record = encodeRecord(appends)
  stamp(record, generation)
  return record
}

const [first, second] = [[anAppend(1), anAppend(2)], [anAppend(3)]]

describe('records of the journal', () => {
  it('are read back as they were written, in order, and nothing after them', () => {
    const half = Buffer.concat([recordOf(7, first), recordOf(7, second), new Uint8Array(100)])
    expect(decodeHalf(half)).toEqual({ generation: 7, appends: [...first, ...second] })
    expect(decodeHalf(new Uint8Array(1_000))).toBeNull()
    expect(decodeHalf(new Uint8Array())).toBeNull()
  })

  it('end with the first that is torn, wherever it is torn', () => {
    const [whole, torn] = [recordOf(7, first), recordOf(7, second)]
    for (let length = 0; length < torn.length; length++) {
      const half = Buffer.concat([whole, torn.subarray(0, length), new Uint8Array(torn.length - length)])
      // its last bytes may have been zeros
      const isWhole = torn.subarray(length).every((byte) => byte === 0)
      expect(decodeHalf(half)?.appends, `torn after ${length} bytes`).toEqual(isWhole ? [...first, ...second] : first)
      expect(decodeHalf(half.subarray(0, whole.length + length))?.appends).toEqual(first)
    }
  })

  it('end with the first in which a bit is another', () => {
    const [whole, changed] = [recordOf(7, first), recordOf(7, second)]
    for (let bit = 0; bit < changed.length * 8; bit++) {
      const copy = changed.slice()
      copy[bit >> 3]! ^= 1 << (bit & 7)
      expect(decodeHalf(Buffer.concat([whole, copy]))?.appends, `bit ${bit}`).toEqual(first)
    }
  })

  it('end where those of an earlier generation begin', () => {
    const half = Buffer.concat([recordOf(7, first), recordOf(6, second)])
    expect(decodeHalf(half)).toEqual({ generation: 7, appends: first })
  })
})
