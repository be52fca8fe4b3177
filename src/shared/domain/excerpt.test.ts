import { expect, it } from 'vitest'
import { excerptOf } from './excerpt.ts'

it('an excerpt stands around the first word found, however it is accented, and cuts no word', () => {
  const text = `${'voor '.repeat(40)}de Ærøskøbing-hypotheek\nloopt af ${'na '.repeat(60)}`
  const excerpt = excerptOf(text, ['aeros'])
  expect(excerpt).toMatch(/^… voor .*voor de Ærøskøbing-hypotheek loopt af na .* na …$/)
  expect(excerpt.length).toBeLessThan(170)
})

it('a short text is shown whole, and one without the word from its beginning', () => {
  expect(excerptOf('Rate fixed\nuntil May', ['may'])).toBe('Rate fixed until May')
  expect(excerptOf('word '.repeat(100), ['nothing'])).toMatch(/^word word .* word …$/)
  expect(excerptOf('', ['x'])).toBe('')
})
