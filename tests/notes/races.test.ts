import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Id } from '#shared/contracts/ids.ts'
import { Shelf, type Shelved } from '../../src/lib/notes/shelf.ts'
import { type Dice, diceFrom } from './dice.ts'
import { ana, bo, noteA, TestOffice } from './office.ts'
import type { Tab, TestSession } from './tab.ts'

let office: TestOffice
beforeEach(async () => {
  office = await TestOffice.start({ idleMs: 0 })
})
afterEach(() => office.close())

const [lanes, rounds] = [10, 50]

/** A session as a tab's shelf holds it: until everything typed in it is saved. */
class Held implements Shelved {
  readonly session: TestSession
  readonly #words: string[] = []
  readonly #saved: Set<string>

  constructor(tab: Tab, note: Id, saved: Set<string>) {
    this.session = tab.session(note)
    this.#saved = saved
  }

  type(word: string): void {
    this.#words.push(word)
    this.session.type(word)
  }

  get mustStay(): boolean {
    return this.session.status.hasUnsaved
  }

  /** Resolves when everything typed so far was called saved, and from then on counts as that. */
  async untilSaved(): Promise<void> {
    const typed = [...this.#words]
    await this.session.until(() => !this.mustStay)
    for (const word of typed) this.#saved.add(word)
  }

  destroy(): void {
    this.session.destroy()
  }
}

/** One place in one tab that opens the note, writes a word and closes it, again and again. */
class Lane {
  readonly typed: string[] = []
  /** What somebody was told is saved and who opened the note after that did not see. */
  readonly missing: string[] = []
  readonly #shelf = new Shelf<Held>()
  readonly #tab: Tab
  readonly #saved: Set<string>

  constructor(tab: Tab, saved: Set<string>) {
    this.#tab = tab
    this.#saved = saved
  }

  async round(word: string, dice: Dice): Promise<void> {
    const before = [...this.#saved]
    let isNew = false
    const held = this.#shelf.hold(noteA, () => {
      isNew = true
      return new Held(this.#tab, noteA, this.#saved)
    })
    await held.session.until(() => held.session.session.doc !== null)
    const text = held.session.text ?? ''
    if (isNew) this.missing.push(...before.filter((earlier) => !text.includes(earlier)))
    this.typed.push(word)
    held.type(word)
    void held.untilSaved().then(() => this.#shelf.tidy(noteA))
    await new Promise((resolve) => setTimeout(resolve, dice(6)))
    this.#shelf.release(noteA)
  }

  /** Resolves when the shelf is empty: everything is saved. */
  async end(): Promise<void> {
    await Promise.all(this.#shelf.all.map(({ session }) => session.untilStatus(({ hasUnsaved }) => !hasUnsaved)))
  }
}

describe('L3 the life of a note', () => {
  it('L3 500 times open, write, close within 5 ms, over a store that is slow and fails: nothing is lost, doubled or blank', async () => {
    const seed = Date.now() % 1_000_000
    console.log(`seed ${seed}`)
    const dice = diceFrom(seed)
    const saved = new Set<string>()
    office.gate.slowMs = 3
    const all = Array.from({ length: lanes }, (_, i) => new Lane(office.tab(i % 2 === 0 ? ana : bo), saved))
    let failures = 0
    const run = async (lane: Lane, number: number) => {
      for (let round = 0; round < rounds; round++) {
        if (dice(25) === 0) {
          failures++
          if (dice(2) === 0) office.gate.failAppends = 1
          else office.gate.failReads = 1
        }
        await lane.round(`w${number}-${round};`, dice)
      }
    }
    await Promise.all(all.map(run))
    await Promise.all(all.map((lane) => lane.end()))
    expect(failures).toBeGreaterThan(5)
    expect(all.flatMap(({ missing }) => missing)).toEqual([])
    const typed = all.flatMap((lane) => lane.typed)
    const text = await office.storedText(noteA)
    const lines = text.split('</paragraph>').map((line) => line.replace('<paragraph>', ''))
    expect(lines.filter((line) => line !== '').toSorted()).toEqual(typed.toSorted())
    expect(typed).toHaveLength(lanes * rounds)
    expect(text).not.toContain('<paragraph></paragraph>')
  })
})
