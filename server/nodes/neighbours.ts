import type { Log } from '../log.ts'
import type { Passing, PassingHeard, Said } from '../store/passing.ts'

/** So often a node says that it is alive, in milliseconds. */
const beatMs = 1_000
/** A node that was silent for so long is not there, and nobody on it, in milliseconds. */
const silentMs = 4_000
/** After so long what it said is forgotten for good, in milliseconds. */
const forgottenMs = 30_000
/** What changes gathers for so long before it is said, in milliseconds. */
const gatherMs = 50

/** Another node. */
interface Neighbour {
  /** When it was last heard, by a clock that only goes forward. */
  heardAt: number
  /** Not there, until it is heard again. */
  isSilent: boolean
  /** By subject. */
  said: Map<string, string>
}

interface NeighboursOptions {
  /** The id of this node. */
  node: string
  log: Log
  /** Another node says something else than before; null: no more. */
  onSaid: (node: string, subject: string, value: string | null) => void
}

/** What this node and the others say of who is there. What a node said ends with it: the others notice that it is silent. */
export class Neighbours implements PassingHeard {
  readonly #options: NeighboursOptions
  readonly #own = new Map<string, string>()
  readonly #others = new Map<string, Neighbour>()
  readonly #unsaid = new Set<string>()
  #passing: Passing | null = null
  #saying: ReturnType<typeof setTimeout> | undefined
  #beating: ReturnType<typeof setTimeout> | undefined
  #beatAt = performance.now()

  constructor(options: NeighboursOptions) {
    this.#options = options
  }

  /** Begins to speak and listen. Without this nobody is said anything. */
  async join(open: (heard: PassingHeard) => Promise<Passing | null>): Promise<void> {
    this.#passing = await open(this)
    if (!this.#passing) return
    await this.#listenAnew()
    await this.#beat()
  }

  /** Says this of a subject from now on; null: nothing any more. */
  say(subject: string, value: string | null): void {
    if ((this.#own.get(subject) ?? null) === value) return
    if (value === null) this.#own.delete(subject)
    else this.#own.set(subject, value)
    this.#unsaid.add(subject)
    this.#saySoon()
  }

  /** What those that are there say of the subjects that begin like this. */
  *heardOf(prefix: string): Generator<{ node: string; subject: string; value: string }> {
    for (const [node, { said, isSilent }] of this.#others) {
      if (isSilent) continue
      for (const [subject, value] of said) if (subject.startsWith(prefix)) yield { node, subject, value }
    }
  }

  said({ node, subject, value }: Said): void {
    if (node === this.#options.node) return
    const other = this.#other(node)
    const wasSilent = other.isSilent
    // that it is forgotten is no sign of life
    if (value !== null) Object.assign(other, { heardAt: performance.now(), isSilent: false })
    if (subject === '' && value === null) return this.#gone(node, other)
    const before = other.said.get(subject) ?? null
    if (subject !== '' && value === null) other.said.delete(subject)
    else if (subject !== '' && value !== null) other.said.set(subject, value)
    if (wasSilent && !other.isSilent) {
      for (const [each, its] of other.said) this.#options.onSaid(node, each, its)
      // somebody who may not have heard what was said before
      this.#sayAll()
    } else if (subject !== '' && value !== before && !other.isSilent) this.#options.onSaid(node, subject, value)
  }

  lost(): void {
    this.#listenAnew().catch((err: unknown) => this.#options.log.warn({ err }, 'what other nodes say could not be read'))
  }

  /** Says no more; what was said is forgotten. */
  async close(): Promise<void> {
    clearTimeout(this.#beating)
    clearTimeout(this.#saying)
    const passing = this.#passing
    this.#passing = null
    await passing?.forget(this.#options.node).catch(() => {})
    await passing?.close()
  }

  #other(node: string): Neighbour {
    let other = this.#others.get(node)
    if (!other) this.#others.set(node, (other = { heardAt: performance.now(), isSilent: true, said: new Map() }))
    return other
  }

  #gone(node: string, other: Neighbour): void {
    this.#others.delete(node)
    if (!other.isSilent) for (const subject of other.said.keys()) this.#options.onSaid(node, subject, null)
  }

  /** All that holds, instead of what was heard one by one. Who is alive shows by their beats. */
  async #listenAnew(): Promise<void> {
    const all = (await this.#passing?.all()) ?? []
    const held = Map.groupBy(all, ({ node }) => node)
    for (const [node, other] of this.#others) {
      const subjects = new Set(held.get(node)?.map(({ subject }) => subject))
      for (const subject of other.said.keys()) if (!subjects.has(subject)) this.said({ node, subject, value: null })
    }
    for (const { node, subject, value } of all) {
      if (node === this.#options.node || subject === '' || value === null) continue
      const other = this.#other(node)
      if (other.isSilent) other.said.set(subject, value)
      else this.said({ node, subject, value })
    }
  }

  async #beat(): Promise<void> {
    try {
      if (await this.#passing?.beat(this.#options.node)) this.#sayAll()
    } catch (err) {
      this.#options.log.warn({ err }, 'other nodes could not be told that this one is alive')
    }
    this.#look()
    if (this.#passing) this.#beating = setTimeout(() => void this.#beat(), beatMs).unref()
  }

  /** Looks who is silent. Where this node itself stood still, or could not say anything, the others get their time first. */
  #look(): void {
    const now = performance.now()
    const wasAway = now - this.#beatAt > beatMs * 2
    this.#beatAt = now
    for (const [node, other] of this.#others) {
      if (wasAway) other.heardAt = now
      const silentForMs = now - other.heardAt
      if (silentForMs > forgottenMs) {
        this.#gone(node, other)
        this.#passing?.forget(node).catch(() => {})
      } else if (silentForMs > silentMs && !other.isSilent) {
        other.isSilent = true
        for (const subject of other.said.keys()) this.#options.onSaid(node, subject, null)
      }
    }
  }

  #sayAll(): void {
    for (const subject of this.#own.keys()) this.#unsaid.add(subject)
    this.#saySoon()
  }

  #saySoon(): void {
    if (!this.#passing || this.#unsaid.size === 0) return
    this.#saying ??= setTimeout(() => void this.#sayNow(), gatherMs).unref()
  }

  /** What could not be said is said with the next. */
  async #sayNow(): Promise<void> {
    const subjects = [...this.#unsaid]
    this.#unsaid.clear()
    // with nobody to hear it nothing is written: who comes is told everything
    const hasCompany = [...this.#others.values()].some(({ isSilent }) => !isSilent)
    const { node } = this.#options
    const said = subjects.map((subject) => ({ node, subject, value: this.#own.get(subject) ?? null }))
    try {
      if (hasCompany) await this.#passing?.say(said)
    } catch (err) {
      this.#options.log.warn({ err }, 'other nodes could not be told who is here')
      for (const subject of subjects) this.#unsaid.add(subject)
    }
    this.#saying = undefined
    this.#saySoon()
  }
}
