import { describe, expect, it } from 'vitest'
import { Shelf } from './shelf.ts'

class Thing {
  mustStay = false
  destroyed = 0
  destroy(): void {
    this.destroyed++
  }
}

describe('the notes a tab holds', () => {
  it('are one for all places that show it, and go with the last', () => {
    const shelf = new Shelf<Thing>()
    const first = shelf.hold('note', () => new Thing())
    expect(shelf.hold('note', () => new Thing())).toBe(first)
    shelf.release('note')
    expect(first.destroyed).toBe(0)
    shelf.release('note')
    expect(first.destroyed).toBe(1)
    expect(shelf.hold('note', () => new Thing())).not.toBe(first)
  })

  it('L3 stay while text in them is not saved, for whoever opens them again', () => {
    const shelf = new Shelf<Thing>()
    const thing = shelf.hold('note', () => new Thing())
    thing.mustStay = true
    shelf.release('note')
    shelf.tidy('note')
    expect([thing.destroyed, shelf.all]).toEqual([0, [thing]])
    expect(shelf.hold('note', () => new Thing())).toBe(thing)
    thing.mustStay = false
    shelf.tidy('note')
    expect(thing.destroyed).toBe(0)
    shelf.release('note')
    expect([thing.destroyed, shelf.all]).toEqual([1, []])
  })
})
