import type { ChildProcess } from 'node:child_process'
import { rm } from 'node:fs/promises'
import type { Command } from '#shared/contracts/commands.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { newId } from '../../server/new-id.ts'
import type { Screen, SignedIn } from '../harness/member.ts'
import { type Person, startSampleOffice, type TestOffice } from '../harness/office.ts'
import { notesSocketOf, openTypist, snapshotClocks, synced, type Typist, type, untilSaved } from '../harness/typist.ts'
import { Random } from './simulator/random.ts'
import { type Disk, judgeConverged, judgeScreens, judgeStore, type Witness } from './storm-judge.ts'
import { kill, startChild } from './storm-server.ts'

process.setMaxListeners(1_000)

const who: Person[] = ['adviser', 'manager', 'admin', 'colleague']
const tabsEach = 5
const noteCount = 10
const dossierCount = 40
/** How often each tab types a letter, in milliseconds. */
const typeEveryMs = 100
/** The longest a tab waits before its next command, in milliseconds. */
const commandEveryMs = 400
/** How long anybody waits for the server to be back before that counts as a fault, in milliseconds. */
const patienceMs = 120_000

export interface StormResult {
  rounds: number
  tabs: number
  notes: number
  commands: number
  done: number
  seen: number
  typed: number
  /** From the moment the new server listens until a tab has its screen and all its notes back: of all tabs and rounds, in milliseconds. */
  reconnectedMs: Spread
  /** From starting a server until it listens, in milliseconds. */
  startedMs: Spread
  /** What was missing, doubled or different: must be empty. */
  faults: string[]
}

/** Of many times, in milliseconds. */
interface Spread {
  median: number
  p99: number
  longest: number
}

/** A browser tab: a screen, and the notes open in it over one line. */
interface StormTab {
  screen: Screen
  typists: Typist[]
}

/**
 * A storm of commands and typing while the server is killed (`kill -9`) `rounds` times at random moments. After each kill the store is
 * read before anybody can bring anything back, and compared with what had been seen or called done.
 */
export async function killStorm(options: { rounds: number; seed: number; say?: (line: string) => void }): Promise<StormResult> {
  const office = await startSampleOffice(who)
  const members = await Promise.all(who.map((person) => office.signIn(person)))
  await office.server.close()
  const storm = new Storm(office, options)
  try {
    await storm.begin(members)
    await storm.rage()
    return await storm.end(members)
  } finally {
    await storm.stop()
    await rm(office.dataDir, { recursive: true, force: true })
  }
}

class Storm {
  readonly #rounds: number
  readonly #random: Random
  readonly #say: (line: string) => void
  readonly #port: number
  readonly #disk: Disk
  readonly #witness: Witness = { done: new Map(), seen: new Map() }
  readonly #faults: string[] = []
  readonly #reconnectedMs: number[] = []
  readonly #startedMs: number[] = []
  #tabs: StormTab[] = []
  #dossiers: Id[] = []
  #server: ChildProcess | null = null
  #streams: Promise<void>[] = []
  #typing: NodeJS.Timeout | undefined
  #isRaging = false
  #commands = 0

  constructor(
    { server, dataDir }: TestOffice,
    { rounds, seed, say = () => {} }: { rounds: number; seed: number; say?: (line: string) => void },
  ) {
    this.#rounds = rounds
    this.#random = new Random(seed)
    this.#say = say
    this.#port = server.port
    this.#disk = { dataDir, officeId: '' }
  }

  /** Opens every tab with all the notes in it, and lets them all write. */
  async begin(members: readonly SignedIn[]): Promise<void> {
    this.#server = await startChild(this.#disk.dataDir, this.#port)
    for (const member of members) for (let i = 0; i < tabsEach; i++) this.#tabs.push({ screen: await member.open(), typists: [] })
    const [{ screen }] = this.#tabs as [StormTab]
    this.#disk.officeId = screen.frame.office.id
    this.#dossiers = [...screen.workspace.rows.values()].filter((row) => row.status === 'client').map(({ id }) => id)
    this.#dossiers.splice(dossierCount)
    for (const tab of this.#tabs) tab.typists = await this.#openNotes(tab.screen.member)
    for (const tab of this.#tabs) watchEvents(tab.screen, this.#witness, this.#faults)
    this.#isRaging = true
    this.#streams = this.#tabs.map((tab) => this.#command(tab.screen))
    this.#typing = setInterval(() => this.#type(), typeEveryMs)
  }

  #openNotes(member: SignedIn): Promise<Typist[]> {
    const socket = notesSocketOf(member)
    return Promise.all(this.#dossiers.slice(0, noteCount).map((dossierId) => openTypist(member, dossierId, socket)))
  }

  async rage(): Promise<void> {
    for (let round = 1; round <= this.#rounds; round++) {
      await pause(150 + this.#random.int(900))
      await this.#killAndStart()
      const { done, seen } = this.#witness
      this.#say(`round ${round}: ${this.#commands} commands, ${done.size} done, ${seen.size} seen, faults ${this.#faults.length}`)
    }
  }

  async #killAndStart(): Promise<void> {
    const clocks = snapshotClocks(this.#typists)
    const told = { done: new Map(this.#witness.done), seen: new Map(this.#witness.seen) }
    await this.#kill()
    await judgeStore(this.#disk, told, clocks, this.#faults)
    const startedAt = performance.now()
    this.#server = await startChild(this.#disk.dataDir, this.#port)
    const listeningAt = performance.now()
    this.#startedMs.push(listeningAt - startedAt)
    await Promise.all(
      this.#tabs.map(async ({ screen, typists }) => {
        await Promise.all([screen.until('it is connected again', (s) => s.socket.connected, patienceMs), ...typists.map(synced)])
        this.#reconnectedMs.push(performance.now() - listeningAt)
      }),
    )
  }

  /** Lets everybody finish, and looks whether all have the same: screens, notes, a tab that was not there before, and the disk. */
  async end(members: readonly SignedIn[]): Promise<StormResult> {
    this.#isRaging = false
    clearInterval(this.#typing)
    await Promise.all(this.#streams)
    await untilSaved(this.#typists)
    const last = Math.max(0, ...[...this.#witness.done.values()].map((n) => n ?? 0))
    await Promise.all(this.#tabs.map(({ screen }) => screen.until('it has caught up', ({ at }) => at >= last, patienceMs)))
    const [member] = members as [SignedIn]
    const fresh = { screen: await member.open(), typists: await this.#openNotes(member) }
    this.#tabs.push(fresh)
    await judgeConverged(this.#disk, this.#typists, this.#faults)
    const screens = this.#tabs.map(({ screen }) => screen)
    judgeScreens(screens, this.#dossiers, this.#faults)
    await this.#kill()
    await judgeStore(this.#disk, this.#witness, snapshotClocks(this.#typists), this.#faults)
    return this.#result()
  }

  async stop(): Promise<void> {
    this.#isRaging = false
    clearInterval(this.#typing)
    for (const { screen, typists } of this.#tabs) {
      for (const { session } of typists) session.destroy()
      screen.close()
    }
    await this.#kill()
  }

  #result(): StormResult {
    return {
      rounds: this.#rounds,
      tabs: who.length * tabsEach,
      notes: noteCount,
      commands: this.#commands,
      done: this.#witness.done.size,
      seen: this.#witness.seen.size,
      typed: this.#typists.reduce((sum, { typed }) => sum + typed, 0),
      reconnectedMs: spreadOf(this.#reconnectedMs),
      startedMs: spreadOf(this.#startedMs),
      faults: this.#faults,
    }
  }

  get #typists(): Typist[] {
    return this.#tabs.flatMap(({ typists }) => typists)
  }

  async #kill(): Promise<void> {
    const server = this.#server
    this.#server = null
    if (server) await kill(server)
  }

  #type(): void {
    for (const { typists } of this.#tabs) type(this.#random.pick(typists), () => this.#random.next())
  }

  async #command(screen: Screen): Promise<void> {
    while (this.#isRaging) {
      await pause(this.#random.int(commandEveryMs))
      this.#commands++
      await sendUntilAnswered(screen, randomCommand(screen, this.#random.pick(this.#dossiers), this.#random), this.#witness)
    }
  }
}

function spreadOf(times: readonly number[]): Spread {
  const inOrder = times.toSorted((a, b) => a - b)
  const at = (share: number) => Math.round(inOrder[Math.min(inOrder.length - 1, Math.floor(share * inOrder.length))] ?? 0)
  return { median: at(0.5), p99: at(0.99), longest: at(1) }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Every event a screen applies was seen by somebody; and each screen applies each number once, in order. */
function watchEvents(screen: Screen, witness: Witness, faults: string[]): void {
  let last = 0
  const push = screen.applied.push.bind(screen.applied)
  screen.applied.push = (...deliveries) => {
    for (const item of deliveries.flatMap((d) => d.items)) {
      if (item.kind !== 'event') continue
      const { n, commandId } = item.event
      if (n <= last) faults.push(`event ${n} came after ${last}`)
      last = n
      const known = witness.seen.get(n)
      if (known !== undefined && known !== commandId) faults.push(`event ${n} was two different things`)
      witness.seen.set(n, commandId)
    }
    return push(...deliveries)
  }
}

function randomCommand(screen: Screen, dossierId: Id, random: Random): Command {
  const { stages } = screen.frame
  if (random.chance(0.4)) return { type: 'dossier.moveStage', dossierId, stageId: random.pick(stages.slice(0, -1)).id }
  return { type: 'dossier.edit', dossierId, amount: random.int(1e9) }
}

/** As a screen does: the same id until there is an answer. */
async function sendUntilAnswered(screen: Screen, command: Command, witness: Witness): Promise<void> {
  const id = newId()
  for (;;) {
    await screen.until('it is connected', (s) => s.socket.connected, patienceMs)
    const answer = await Promise.race([
      screen.send(command, { id, seen: 1_000_000_000 }).catch(() => null),
      screen
        .until('the line breaks', (s) => !s.socket.connected, patienceMs)
        .then(
          () => null,
          () => null,
        ),
    ])
    if (!answer) continue
    if (answer.ok) witness.done.set(id, answer.n)
    return
  }
}
