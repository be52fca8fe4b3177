import { createLog, type Log } from '../../server/log.ts'
import { Author } from './author.ts'
import { type Dice, diceFrom, oneOf } from './dice.ts'
import { ana, bo, noteA, TestOffice, vic } from './office.ts'

export interface HonestResult {
  updates: number
  /** Lines cut while somebody typed. */
  cuts: number
  /** Times somebody wrote on without a line for long. */
  offline: number
  /** Updates that were appended to the log. */
  appended: number
  /** What the server refused, or could not do: must be empty. */
  refused: object[]
  /** What the editors threw: must be empty. */
  thrown: string[]
  /** How many different texts there are in the end, in documents, editors and store: must be 1. */
  texts: number
  seconds: number
}

/** How many updates pass between two cut lines, between two long times offline, and between two large pastes, about. */
const [cutEvery, offlineEvery, pasteEvery] = [200, 2_000, 5_000]
/** So many things are done while one of them is offline. */
const offlineSteps = 300
/** 200 KB of paragraphs and list items. */
const largePaste = Array.from({ length: 1_000 }, (_, i) => `<p>${'x'.repeat(90)}</p><ul><li>${i} ${'é'.repeat(45)}</li></ul>`).join('')

/** Three people write in one note with the product's own editors, as people do, while lines are cut and somebody is offline. */
export async function writeHonestly(plan: { updates: number; seed: number; say?: (line: string) => void }): Promise<HonestResult> {
  const startedAt = performance.now()
  const refused: object[] = []
  const note = (fields: object, said: string) => {
    refused.push({ said, ...fields })
    plan.say?.(`${said}: ${JSON.stringify(fields)} ${'err' in fields ? String(fields.err) : ''}`)
  }
  const log: Log = Object.assign(createLog('silent'), { warn: note, error: note })
  const office = await TestOffice.start({ log })
  const thrown = new Thrown(plan.say)
  try {
    const workshop = await Workshop.open(office, diceFrom(plan.seed), thrown)
    while (workshop.updates < plan.updates) {
      await workshop.step()
      if (workshop.hasNews)
        plan.say?.(`${workshop.updates} updates, ${workshop.cuts} cuts, ${refused.length} refused, ${thrown.all.length} thrown`)
    }
    const texts = await workshop.settle()
    texts.add(await office.storedText(noteA))
    const { updates, cuts, offline } = workshop
    const appended = office.gate.appends.reduce((sum, appends) => sum + appends.length, 0)
    workshop.close()
    const seconds = Math.round((performance.now() - startedAt) / 1_000)
    return { updates, cuts, offline, appended, refused, thrown: thrown.all, texts: texts.size, seconds }
  } finally {
    thrown.unwatch()
    await office.close()
  }
}

/** Keeps what editors throw. y-protocols catches what they throw on a colleague's update, and says it to the console. */
class Thrown {
  readonly all: string[] = []
  readonly #error = console.error
  readonly #say: ((line: string) => void) | undefined

  constructor(say?: (line: string) => void) {
    this.#say = say
    console.error = (...said: unknown[]) => this.#note(said.map((part) => (part instanceof Error ? part.stack : String(part))).join(' '))
  }

  #note(fault: string): void {
    this.all.push(fault)
    this.#say?.(fault)
  }

  watch(act: () => void): void {
    try {
      act()
    } catch (error) {
      this.#note(error instanceof Error ? (error.stack ?? error.message) : String(error))
    }
  }

  unwatch(): void {
    console.error = this.#error
  }
}

/** Three authors in one note. */
class Workshop {
  cuts = 0
  offline = 0
  /** Something happened that is worth a line. */
  hasNews = false
  readonly #authors: readonly Author[]
  readonly #dice: Dice
  readonly #thrown: Thrown
  #next = { cut: cutEvery, offline: offlineEvery, paste: pasteEvery }

  private constructor(authors: readonly Author[], dice: Dice, thrown: Thrown) {
    this.#authors = authors
    this.#dice = dice
    this.#thrown = thrown
  }

  static async open(office: TestOffice, dice: Dice, thrown: Thrown): Promise<Workshop> {
    const authors = await Promise.all([ana, bo, vic].map((memberId) => Author.open(office.tab(memberId), noteA)))
    return new Workshop(authors, dice, thrown)
  }

  get updates(): number {
    return this.#authors.reduce((sum, author) => sum + author.made, 0)
  }

  /** A few things are done, and now and then a line breaks. */
  async step(): Promise<void> {
    this.hasNews = false
    for (let more = this.#dice(4); more >= 0; more--) this.#act(this.#one())
    await turn()
    const { updates } = this
    if (updates > this.#next.cut) this.#cut()
    if (updates > this.#next.offline) await this.#writeOffline(this.#one())
    if (updates > this.#next.paste) await this.#pasteMuch(this.#one())
  }

  #one(): Author {
    return oneOf(this.#dice, this.#authors)
  }

  #act(author: Author): void {
    this.#thrown.watch(() => author.act(this.#dice))
  }

  #cut(): void {
    this.#next.cut = this.updates + this.#dice(2 * cutEvery)
    this.cuts++
    this.#one().tab.cut()
  }

  /** One of them loses the line for a long time and writes on, as the others do. */
  async #writeOffline(away: Author): Promise<void> {
    this.hasNews = true
    this.offline++
    const provider = away.session.session.provider
    provider?.disconnect()
    for (let step = 0; step < offlineSteps; step++) {
      this.#act(this.#dice(2) === 0 ? away : this.#one())
      if (step % 4 === 0) await turn()
    }
    provider?.connect()
    this.#next.offline = this.updates + offlineEvery
  }

  /** 200 KB are pasted, taken back and brought back, and at last taken back, while the line breaks. */
  async #pasteMuch(author: Author): Promise<void> {
    await this.settle()
    this.#thrown.watch(() => author.paste(largePaste))
    await this.settle()
    const { commands } = author.editor
    for (const again of [() => commands.undo(), () => commands.redo(), () => commands.undo()]) {
      this.#thrown.watch(again)
      author.tab.cut()
      await this.settle()
    }
    this.#next.paste = this.updates + pasteEvery
  }

  /** Resolves with all different texts there are when everything is saved and everybody has everything. */
  async settle(): Promise<Set<string>> {
    const sessions = this.#authors.map(({ session }) => session)
    await Promise.all(sessions.map((session) => session.untilStatus(({ state }) => state === 'saved')))
    const isEqual = () => new Set(sessions.map(({ text }) => text)).size === 1
    await Promise.race(sessions.map((session) => session.until(isEqual)))
    const shown = new Set(this.#authors.map((author) => author.shown))
    if (shown.size > 1) this.#thrown.all.push(`${shown.size} editors show different texts`)
    return new Set(sessions.map(({ text }) => text ?? ''))
  }

  close(): void {
    for (const author of this.#authors) author.close()
  }
}

/** Lets sockets and timers have their turn. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
