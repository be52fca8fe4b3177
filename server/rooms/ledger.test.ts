import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { Ledger } from './ledger.ts'

const start = Date.UTC(2026, 10, 26)

/** Two who write in one text: each change is an update of the log. */
function logOf(...changes: [memberId: string, atSeconds: number, change: (text: Y.Text) => void][]) {
  const docs = new Map(['ana', 'bo'].map((memberId, i) => [memberId, Object.assign(new Y.Doc(), { clientID: i + 2 })]))
  return changes.map(([memberId, seconds, change], i) => {
    const doc = docs.get(memberId)!
    const updates: Uint8Array[] = []
    doc.once('update', (bytes: Uint8Array) => updates.push(bytes))
    doc.transact(() => change(doc.getText()))
    for (const other of docs.values()) if (other !== doc) Y.applyUpdate(other, Y.encodeStateAsUpdate(doc))
    return { seq: i + 1, memberId, at: start + seconds * 1_000, bytes: updates[0]! }
  })
}

const log = logOf(
  ['ana', 0, (text) => text.insert(0, 'abcdef')],
  ['bo', 10, (text) => text.delete(1, 2)],
  ['ana', 20, (text) => text.insert(4, 'x')],
  ['ana', 90, (text) => text.delete(0, 2)],
  ['ana', 95, (text) => text.insert(0, 'y')],
)

function ledgerOf(updates: typeof log): Ledger {
  const ledger = new Ledger()
  for (const update of updates) ledger.add(update)
  return ledger
}

describe('what a note’s log knows beside its text', () => {
  it('is who deleted what, and when things were written, to a minute', () => {
    expect(ledgerOf(log).told).toEqual({
      written: [
        [
          2,
          [
            [7, start],
            [8, start + 95_000],
          ],
        ],
      ],
      deleted: [
        [
          'ana',
          [
            [2, 0, 1],
            [2, 3, 1],
          ],
        ],
        ['bo', [[2, 1, 2]]],
      ],
    })
  })

  it('is the same where it is written down after any update and read again', () => {
    for (let at = 0; at <= log.length; at++) {
      const read = Ledger.from(ledgerOf(log.slice(0, at)).encode())
      for (const update of log.slice(at)) read.add(update)
      expect(read.told).toEqual(ledgerOf(log).told)
      expect(read.at).toBe(start + 95_000)
    }
  })

  it('is who wrote after a number', () => {
    const ledger = ledgerOf(log)
    expect([0, 2, 5].map((seq) => ledger.authorsSince(seq))).toEqual([['ana', 'bo'], ['ana'], []])
  })

  it('names the first of two who deleted the same', () => {
    const [first] = log
    const bytes = log.find(({ memberId }) => memberId === 'bo')!.bytes
    const ledger = ledgerOf([first!, { seq: 2, memberId: 'bo', at: start, bytes }, { seq: 3, memberId: 'ana', at: start, bytes }])
    expect(ledger.told.deleted).toEqual([
      ['ana', []],
      ['bo', [[2, 1, 2]]],
    ])
  })

  it('of another format is refused', () => {
    expect(() => Ledger.from(new Uint8Array([9]))).toThrow('another format')
  })
})
