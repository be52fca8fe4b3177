import { expect, it } from 'vitest'
import { intentionOf } from './card-keys.ts'

const key = (name: string, held: Partial<Record<'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey', boolean>> = {}) =>
  intentionOf({ key: name, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...held })

it('arrows go from card to card, with Shift they move the card', () => {
  expect(key('ArrowRight')).toBe('right')
  expect(key('ArrowRight', { shiftKey: true })).toBe('moveOn')
  expect(key('ArrowLeft', { shiftKey: true })).toBe('moveBack')
  expect(key('ArrowDown', { shiftKey: true })).toBeNull()
})

it('leaves the browser its own keys', () => {
  expect(key('s', { ctrlKey: true })).toBeNull()
  expect(key('ArrowLeft', { altKey: true })).toBeNull()
  expect(key('ArrowRight', { metaKey: true, shiftKey: true })).toBeNull()
  expect(key('Enter')).toBeNull()
  expect(key('Tab')).toBeNull()
})

it('keys that are words of the office: s for the stage, o for the owner', () => {
  expect(key('s')).toBe('moveTo')
  expect(key('o')).toBe('owner')
})
