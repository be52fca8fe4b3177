import { describe, expect, it } from 'vitest'
import { SaveLedger } from './save-ledger.ts'

describe('which edits are saved', () => {
  it('an edit is saved by the word for the frame that was sent after it, not by an earlier one', () => {
    const ledger = new SaveLedger()
    ledger.restart()
    ledger.edit()
    ledger.send(1)
    ledger.edit()
    expect(ledger.save(1)).toBe(true)
    expect(ledger.hasUnsaved).toBe(true)
    ledger.send(2)
    ledger.edit()
    ledger.send(3)
    expect(ledger.save(3)).toBe(true)
    expect(ledger.hasUnsaved).toBe(false)
  })

  it('edits that were sent on a cut line are saved by the answer that carries them again', () => {
    const ledger = new SaveLedger()
    ledger.restart()
    ledger.edit()
    ledger.send(1)
    ledger.restart()
    ledger.edit()
    expect(ledger.save(1)).toBe(false)
    ledger.send(1)
    expect(ledger.hasUnsaved).toBe(true)
    expect(ledger.save(1)).toBe(true)
    expect(ledger.hasUnsaved).toBe(false)
  })

  it('a word about nothing new is no news', () => {
    const ledger = new SaveLedger()
    ledger.restart()
    ledger.send(1)
    expect(ledger.save(1)).toBe(false)
    expect(ledger.save(1)).toBe(false)
    expect(ledger.hasUnsaved).toBe(false)
  })
})
