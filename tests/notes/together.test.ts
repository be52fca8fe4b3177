import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ana, bo, noteA, TestOffice } from './office.ts'

let office: TestOffice
beforeEach(async () => {
  office = await TestOffice.start()
})
afterEach(() => office.close())

describe('two people in one note', () => {
  it('S4.15 both type at once, and both end with the same text, which is the stored one', async () => {
    const [a, b] = await Promise.all([office.tab(ana).open(noteA), office.tab(bo).open(noteA)])
    a.type('start ')
    await b.until(() => b.text.includes('start'))
    for (let i = 0; i < 100; i++) {
      a.type(`a${i} `, i * 3)
      b.type(`b${i} `)
      if (i % 10 === 0) await b.allSaved()
    }
    await Promise.all([a.allSaved(), b.allSaved()])
    const isSame = () => a.text === b.text && a.text.includes('b99') && a.text.includes('a99')
    await Promise.race([a.until(isSame), b.until(isSame)])
    expect(a.text).toBe(b.text)
    expect(await office.storedText(noteA)).toBe(a.text)
    expect(a.closes).toEqual([])
    expect(b.closes).toEqual([])
  })

  it('who comes later gets the whole text', async () => {
    const a = await office.tab(ana).open(noteA)
    a.type('before anybody came')
    await a.allSaved()
    const b = await office.tab(bo).open(noteA)
    expect(b.text).toBe(a.text)
  })
})
