import { vi } from 'vitest'
import type { WebSocket } from 'ws'
import * as Y from 'yjs'
import type { Id } from '#shared/contracts/ids.ts'
import { createLog } from '../../../server/log.ts'
import { systemClock } from '../../../server/rooms/clock.ts'
import { compactLog } from '../../../server/rooms/compact.ts'
import type { Hall } from '../../../server/rooms/hall.ts'
import type { Core } from './core.ts'
import { Disk, type OpenDisk } from './disk.ts'
import { Elsewhere } from './elsewhere.ts'
import { judgeEnd, judgeSaved, judgeScreen } from './judge.ts'
import { Leavers } from './leavers.ts'
import { Line } from './network.ts'
import { Parrot } from './parrot.ts'
import { actorOf, Letters, OpenPage, type Person } from './person.ts'
import { Random } from './random.ts'

export interface Run {
  seed: number
  /** What must never be, and was; empty: everything held. */
  violations: string[]
  /** The last things that happened. */
  trace: string[]
  /** How much of it there was. */
  counts: { steps: number; appends: number; crashes: number; compactions: number; letters: number }
  /** A fingerprint of the run: the same seed gives the same. */
  text: string
}

const officeId: Id = 'office00000000001'
const notes: readonly Id[] = ['dossierA000000001', 'dossierB000000001']
const members: readonly Id[] = ['memberAna00000001', 'memberBo000000001', 'memberCas00000001', 'memberDoa00000001']

// before they are replaced: lets everything happen that waits for nothing but its turn
const realTurn = setImmediate
const settled = () => new Promise<void>((resolve) => realTurn(resolve))

/**
 * The notes' core of server and browser on a clock, a network and a disk that are made up, all driven by one seed: lines are cut, people
 * parted, the server crashes between any two steps, the disk fails, stalls, or does a thing and says it did not, rights go and come back,
 * logs are compacted. Looks after every step whether what was seen and promised is on the disk.
 */
export async function simulate(core: Core, seed: number, steps = 600): Promise<Run> {
  vi.useFakeTimers({
    now: 1_000_000,
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate', 'Date', 'performance'],
  })
  const random = new Random(seed)
  const mathRandom = vi.spyOn(Math, 'random').mockImplementation(() => random.next())
  const world = new World(core, random)
  try {
    for (let step = 0; step < steps && world.violations.length === 0; step++) await world.step()
    if (world.violations.length === 0) await world.heal()
    return world.result(seed)
  } finally {
    world.end()
    mathRandom.mockRestore()
    vi.useRealTimers()
  }
}

class World {
  readonly violations: string[] = []
  readonly #core: Core
  readonly #random: Random
  readonly #disk: Disk
  readonly #letters = new Letters()
  readonly #parrot: Parrot
  readonly #leavers: Leavers
  readonly #people: Person[]
  readonly #lines = new Map<Line, Person>()
  readonly #trace: string[] = []
  readonly #kept = new Map<string, Id>()
  #server: { hall: Hall; disk: OpenDisk; gone: PromiseWithResolvers<never> } | null = null
  #isHealed = false
  #counts = { steps: 0, appends: 0, crashes: 0, compactions: 0, letters: 0 }
  readonly #elsewhere: Elsewhere

  constructor(core: Core, random: Random) {
    this.#core = core
    this.#random = random
    this.#disk = new Disk(random)
    this.#parrot = new Parrot(random)
    this.#leavers = new Leavers(this.#disk)
    this.#elsewhere = new Elsewhere(this.#disk)
    this.#disk.onJudged = (member, note) => this.#isHealed || (random.chance(0.04) && this.#setRight(member, note, false))
    this.#start()
    this.#people = members.map((id) => this.#person(id))
    for (const person of this.#people) for (const note of notes) this.#open(person, note)
  }

  async step(): Promise<void> {
    this.#counts.steps++
    const [weight, what] = this.#choose()
    if (weight > 0) await what()
    await this.#passes(this.#random.int(12))
    this.#judge()
  }

  /** Nothing fails any more: in the end everybody has the same, and it is what lies on the disk. */
  async heal(): Promise<void> {
    this.#isHealed = true
    Object.assign(this.#disk, { failing: 0, unknown: 0, stalledUntil: 0 })
    for (const person of this.#people) person.partedUntil = 0
    for (const member of members) for (const note of notes) this.#setRight(member, note, true)
    if (this.#random.chance(0.5) || !this.#server) {
      this.#crash()
      this.#start()
    }
    for (const person of this.#people) for (const note of notes) if (this.#isOver(person.pages.get(note))) this.#open(person, note)
    await this.#untilSaved()
    // so that a server learns what another node wrote
    for (const page of this.#pages()) page.edit(this.#random, this.#letters)
    await this.#untilSaved()
    // what follows the last word
    await this.#passes(500)
    for (const note of notes) this.#judgeEnd(note)
  }

  async #untilSaved(): Promise<void> {
    for (let i = 0; i < 600 && !this.#isAllSaved(); i++) await this.#passes(100)
    this.#judge()
    if (this.#isAllSaved()) return
    this.violations.push(`not everything is saved in the end: ${this.#pages().map(({ session }) => session.status.state)}`)
  }

  #judgeEnd(note: Id): void {
    const pages = this.#pages().filter((page) => page.note === note)
    const kept = [...this.#kept].filter(([letter, of]) => of === note && !this.#letters.deleted.has(letter))
    const letters = kept.map(([letter]) => letter)
    this.violations.push(...judgeEnd(this.#disk, note, pages, letters))
    this.#counts.letters += letters.length
  }

  result(seed: number): Run {
    const text = notes.map((note) => this.#disk.note(note).whole.getXmlFragment('note').toString()).join('\n')
    return { seed, violations: this.violations, trace: this.#trace.slice(-40), counts: this.#counts, text }
  }

  end(): void {
    for (const { session } of this.#pages()) session.destroy()
    for (const { socket } of this.#people) socket.drop()
    this.#crash()
  }

  #choose(): [number, () => void | Promise<void>] {
    const events: [number, () => void | Promise<void>][] = [
      [120, () => this.#edit()],
      [20, () => this.#edit(8)],
      [10, () => this.#passes(400)],
      [6, () => this.#cut()],
      [2, () => this.#part()],
      [2, () => this.#crashAndStart()],
      [3, () => this.#fault('failing')],
      [3, () => this.#fault('unknown')],
      [1, () => this.#stall()],
      [5, () => this.#changeRight()],
      [4, () => this.#reopen()],
      [3, () => this.#leaveAll()],
      [4, () => this.#parrots()],
      [2, () => this.#writeElsewhere()],
    ]
    let at = this.#random.int(events.reduce((sum, [weight]) => sum + weight, 0))
    for (const event of events) if ((at -= event[0]) < 0) return event
    throw new Error('nothing chosen')
  }

  #say(what: string): void {
    this.#trace.push(`${Date.now() - 1_000_000} ${what}`)
  }

  #edit(times = 1): void {
    const page = this.#random.pick(this.#pages())
    for (let i = 0; i < times; i++) page.edit(this.#random, this.#letters)
  }

  #cut(): void {
    const line = this.#random.pick([...this.#lines.keys(), null])
    if (!line) return
    this.#say(`the line of ${this.#lines.get(line)?.id} is cut`)
    this.#trouble()
    line.cut()
  }

  #part(): void {
    const person = this.#random.pick(this.#people)
    person.partedUntil = Date.now() + this.#random.int(1_500)
    this.#trouble()
    this.#say(`${person.id} is parted until ${person.partedUntil - 1_000_000}`)
    for (const [line, of] of this.#lines) if (of === person) line.cut()
  }

  async #crashAndStart(): Promise<void> {
    this.#say('the server crashes')
    this.#counts.crashes++
    this.#crash()
    await this.#passes(this.#random.int(300))
    this.#start()
  }

  #crash(): void {
    this.#trouble()
    this.#server?.disk.crash()
    this.#server?.gone.reject(new Error('the server is gone'))
    this.#server = null
    for (const line of this.#lines.keys()) line.cut()
    this.#lines.clear()
  }

  #start(): void {
    const disk = this.#disk.open()
    const hall = new this.#core.Hall({
      store: disk.store,
      judge: disk.judge,
      log: createLog('silent'),
      clock: systemClock,
      idleMs: this.#random.pick([0, 2, 5, 30]),
      restMs: 200,
      compactEvery: 12,
      compact: async (log) => {
        this.#counts.compactions++
        return compactLog(log)
      },
    })
    const gone = Promise.withResolvers<never>()
    gone.promise.catch(() => {})
    this.#server = { hall, disk, gone }
  }

  #fault(kind: 'failing' | 'unknown'): void {
    this.#disk[kind] = 1 + this.#random.int(3)
    this.#trouble()
    this.#say(`the disk: ${kind} ${this.#disk[kind]}`)
  }

  #stall(): void {
    this.#disk.stalledUntil = Date.now() + this.#random.int(2_000)
    this.#trouble(this.#disk.stalledUntil)
    this.#say(`the disk stands still until ${this.#disk.stalledUntil - 1_000_000}`)
  }

  #changeRight(): void {
    const [member, note] = [this.#random.pick(members), this.#random.pick(notes)]
    this.#setRight(member, note, this.#random.chance(0.6))
  }

  #setRight(member: Id, note: Id, write: boolean): void {
    this.#say(`${member} may ${write ? '' : 'not '}write in ${note}`)
    this.#disk.setRight(member, note, { read: true, write })
    // the server may hear of it a second later
    this.#leavers.trouble({ person: member, note }, Date.now() + 1_100)
    const { hall } = this.#server ?? {}
    // the server may hear of it late: the fence alone must do
    setTimeout(() => void hall?.accessChanged(officeId, [note]), this.#random.chance(0.3) ? 1_000 : this.#random.int(10))
  }

  #reopen(): void {
    const [person, note] = [this.#random.pick(this.#people), this.#random.pick(notes)]
    this.#say(`${person.id} opens ${note} anew`)
    this.#close(person, note)
    this.#open(person, note)
  }

  /** A note that nobody has open any more; the last words of those who leave may still be on their way. */
  async #leaveAll(): Promise<void> {
    const note = this.#random.pick(notes)
    this.#say(`everybody leaves ${note}`)
    for (const page of this.#pages()) if (page.note === note) page.edit(this.#random, this.#letters)
    await this.#passes(this.#random.int(4))
    for (const person of this.#people) this.#close(person, note)
    await this.#passes(this.#random.int(80))
    for (const person of this.#people) this.#open(person, note)
  }

  #close({ id, pages }: Person, note: Id): void {
    const page = pages.get(note)
    if (!page) return
    this.#leavers.leaves(id, page)
    page.session.destroy()
    pages.delete(note)
  }

  /** Everybody may be concerned, and not know it yet. */
  #trouble(until = Date.now()): void {
    this.#leavers.trouble({ person: null, note: null }, until + 100)
  }

  #parrots(): void {
    const person = this.#random.pick(this.#people)
    this.#say(`${person.id} is repeated`)
    const other: Person = this.#person(person.id, () => {})
    this.#parrot.repeat(person, other.socket)
  }

  #writeElsewhere(): void {
    const note = this.#random.pick(notes)
    this.#say(`${note} has ${this.#elsewhere.write(officeId, note)} from elsewhere`)
  }

  #person(id: Id, listener?: (bytes: Uint8Array<ArrayBuffer>) => void): Person {
    const person: Person = {
      id,
      pages: new Map(),
      partedUntil: 0,
      socket: new this.#core.NotesSocket({
        url: () => 'ws://notes',
        connect: () => this.#connect(person, listener ?? this.#parrot.listener(person)),
        network: null,
        idleMs: 50,
      }),
    }
    return person
  }

  #connect(person: Person, listener: (bytes: Uint8Array<ArrayBuffer>) => void) {
    const line = new Line(this.#random)
    const { hall } = this.#server ?? {}
    const isReached = hall !== undefined && Date.now() >= person.partedUntil
    if (isReached) this.#lines.set(line, person)
    line.onSent = listener
    const session = { actor: actorOf(officeId, person.id), sessionKey: person.id }
    line.connect(isReached ? (ws: WebSocket) => hall.attach(ws, session) : null)
    return line.browser
  }

  #open(person: Person, note: Id): void {
    const session = new this.#core.NoteSession(note, {
      socket: person.socket,
      request: (async () => this.#grant(person, note)) as unknown as typeof fetch,
      retryMs: { first: 20, longest: 200 },
      onChange: () => this.#look(page),
      onDenied: () => {},
    })
    const page = new OpenPage(note, session, Y.decodeStateVector(Y.encodeStateVector(this.#disk.note(note).whole)))
    person.pages.set(note, page)
  }

  /** The door over HTTP, as `fetch` gives it. */
  async #grant(person: Person, note: Id): Promise<{ ok: boolean; status: number; json: () => Promise<unknown> }> {
    await pause(this.#random.int(8))
    const server = this.#server
    if (!server || Date.now() < person.partedUntil) throw new Error('not reached')
    const grant = await Promise.race([server.hall.grant(actorOf(officeId, person.id), note), server.gone.promise])
    await pause(this.#random.int(8))
    return { ok: true, status: 200, json: async () => grant }
  }

  /** What a screen says at this moment. */
  #look(page: OpenPage | undefined): void {
    if (!page?.session.doc) return
    if (!page.hasShown) {
      page.hasShown = true
      const has = Y.decodeStateVector(Y.encodeStateVector(page.session.doc))
      for (const [client, clock] of page.foundAt)
        if (!this.#elsewhere.clients.has(client) && (has.get(client) ?? 0) < clock)
          this.violations.push(`${page.note} is shown without what was stored`)
    }
    if (page.isSaved) {
      page.promise()
      this.violations.push(...judgeSaved(this.#disk, page))
    }
  }

  #pages(): OpenPage[] {
    return this.#people.flatMap(({ pages }) => [...pages.values()])
  }

  #isOver(page: OpenPage | undefined): boolean {
    return !page || page.session.status.state === 'denied' || page.session.status.state === 'reload'
  }

  #isAllSaved(): boolean {
    return this.#pages().every((page) => page.isSaved)
  }

  #judge(): void {
    this.violations.push(...this.#disk.violations.splice(0))
    this.violations.push(...this.#parrot.violations.splice(0), ...this.#leavers.judge())
    for (const page of this.#pages()) this.violations.push(...judgeScreen(this.#disk, page))
    if (this.#disk.isTroubled) this.#trouble(Math.max(this.#disk.stalledUntil, Date.now()))
    this.#counts.appends = notes.reduce((sum, note) => sum + this.#disk.note(note).seq, 0)
  }

  async #passes(ms: number): Promise<void> {
    for (const page of this.#pages()) for (const letter of page.promised) this.#kept.set(letter, page.note)
    let isOver = false
    setTimeout(() => (isOver = true), ms)
    await settled()
    while (!isOver) {
      vi.advanceTimersToNextTimer()
      await settled()
    }
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
