import { expect, it } from 'vitest'
import { HeldSwitch } from './held-switch.ts'

it('what a held key shows is shown for as long as it is held; pressed for a moment, it stays until the next press', () => {
  const held = new HeldSwitch()
  held.press(0)
  expect(held.on).toBe(true)
  held.release(1_000)
  expect(held.on).toBe(false)
  held.press(2_000)
  held.release(2_100)
  expect(held.on).toBe(true)
  held.press(3_000)
  expect(held.on).toBe(true)
  held.release(4_000)
  expect(held.on, 'held while it was on: as before').toBe(true)
  held.press(5_000)
  held.release(5_100)
  expect(held.on).toBe(false)
  held.release(6_000)
  expect(held.on).toBe(false)
})
