import { expect, it } from 'vitest'
import { mendEncoding } from './mend-encoding.ts'

it('letters that were UTF-8 read as Latin-1 become what they were', () => {
  expect(mendEncoding('Ã\u0096mer and Zoë, it\u00e2\u0080\u0099s')).toBe('Ömer and Zoë, it’s')
})

it('what might have been meant is left alone', () => {
  for (const text of ['Ömer', 'Ãmer', 'Ã©', 'São Â»', 'Æ\u009f\u009f\u009f', '\u0096', 'Đorđe 👍']) expect(mendEncoding(text)).toBe(text)
})
