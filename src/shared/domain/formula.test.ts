import fc from 'fast-check'
import { expect, it } from 'vitest'
import { defused, undefused } from './formula.ts'

it('S4.16 what a spreadsheet takes for a formula gets an apostrophe in front, also after white space', () => {
  const dangerous = ['=1+1', '+33 1', '-2', '@SUM(A1)', '\t=1', '\rx', '\nx', '  =1', ' -1', "'=1", '＝1', '＠x']
  expect(dangerous.map(defused)).toEqual(dangerous.map((text) => `'${text}`))
})

it('S4.16 other text stays as it is', () => {
  const harmless = ['', 'First home', "l'offre", "'t Hooft", '2024-00001', 'a=b', '<img src=x> =HYPERLINK("x")', '12.50']
  expect(harmless.map(defused)).toEqual(harmless)
  expect(harmless.map(undefused)).toEqual(harmless)
})

it('S4.16 taking the apostrophe off gives the text back, whatever it was', () => {
  const piece = fc.constantFrom('=', '+', '-', '@', "'", ' ', '\t', '\r', 'a', '1', '＝')
  fc.assert(
    fc.property(fc.string({ unit: fc.oneof(piece, fc.string({ minLength: 1, maxLength: 1 })), maxLength: 8 }), (text) => {
      expect(undefused(defused(text))).toBe(text)
    }),
  )
})
