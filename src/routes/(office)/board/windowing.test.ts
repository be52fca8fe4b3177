import { expect, it } from 'vitest'
import { cardPx, indexNear, inView, lengthPx, pitchPx, scrollToShow, visibleRange } from './windowing.ts'

it('draws a screenful of 20,000 cards and a few more', () => {
  const { from, to } = visibleRange(9_000 * pitchPx, 900, 20_000)
  expect(from).toBeLessThan(9_000)
  expect(to).toBeGreaterThan(9_000 + Math.floor(900 / pitchPx))
  expect(to - from).toBeLessThan(20)
})

it('draws nothing beyond either end', () => {
  expect(visibleRange(0, 900, 4)).toEqual({ from: 0, to: 4 })
  expect(visibleRange(5_000, 900, 4)).toEqual({ from: 4, to: 4 })
  expect(visibleRange(-50, 900, 0)).toEqual({ from: 0, to: 0 })
})

it('a column ends with its last card, not with a gap', () => {
  expect(lengthPx(0)).toBe(0)
  expect(lengthPx(1)).toBe(cardPx)
  expect(lengthPx(2)).toBe(pitchPx + cardPx)
})

it('scrolls no further than it takes to see the whole card', () => {
  expect(scrollToShow(0, 500, 300)).toBe(0)
  expect(scrollToShow(10, 0, 300)).toBe(10 * pitchPx + cardPx - 300)
  expect(scrollToShow(1, 50, 300)).toBe(50)
})

it('a card half out of view counts as in view, one further out does not', () => {
  expect(inView(0, cardPx / 2, 300)).toBe(true)
  expect(inView(0, cardPx / 2 + 1, 300)).toBe(false)
})

it('going sideways lands on the card at the same height, or the last', () => {
  expect(indexNear(3 * pitchPx + 4, 10)).toBe(3)
  expect(indexNear(3 * pitchPx, 2)).toBe(1)
  expect(indexNear(0, 0)).toBeNull()
})
