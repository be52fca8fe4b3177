import type { Command } from '#shared/contracts/commands.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { commentsNote } from '#shared/contracts/note-id.ts'
import { newId } from '../../server/new-id.ts'
import type { Screen, SignedIn } from '../harness/member.ts'
import { notesSocketOf, openTypist, snapshotClocks, synced, type Typist, type, untilSaved } from '../harness/typist.ts'
import type { Random } from './simulator/random.ts'
import { type Disk, judgeConverged, judgeScreens, judgeStore, type Witness } from './storm-judge.ts'

process.setMaxListeners(1_000)

const noteCount = 10
const commentCount = 3
const dossierCount = 40
/** How often each tab types a letter, in milliseconds. */
const typeEveryMs = 100
/** The longest a tab waits before its next command, in milliseconds. */
const commandEveryMs = 400
/** How long anybody waits for the server to be back before that counts as a fault, in milliseconds. */
const patienceMs = 120_000

/** What went on in a storm. */
export interface StormCounts {
  tabs: number
  notes: number
  commands: number
  done: number
  seen: number
  typed: number
  /** What was missing, doubled or different: must be empty. */
  faults: string[]
}

/** Of many times, in milliseconds. */
export interface Spread {
  median: number
  p99: number
  longest: number
}

/** A browser tab: a screen, and the notes open in it over one line. */
interface StormTab {
  screen: Screen
  typists: Typist[]
}

/** What somebody was told is done, or saw, up to a moment. */
export interface Told {
  witness: Witness
  clocks: Map<Id, Map<number, number>>
}

/** Many tabs that write notes and send commands, and remember what they were told and shown. */
export class Storm {
  readonly faults: string[] = []
  readonly #random: Random
  readonly #disk: Disk
  readonly #witness: Witness = { done: new Map(), seen: new Map() }
  #tabs: StormTab[] = []
  #dossiers: Id[] = []
  #streams: Promise<void>[] = []
  #typing: NodeJS.Timeout | undefined
  #isRaging = false
  #commands = 0

  constructor(disk: Disk, random: Random) {
    this.#disk = disk
    this.#random = random
  }

  /** Opens so many tabs for each member, each with all the notes in it, and lets them all write. */
  async begin(members: readonly SignedIn[], tabsEach: number): Promise<void> {
    for (const member of members) for (let i = 0; i < tabsEach; i++) this.#tabs.push({ screen: await member.open(), typists: [] })
    const [{ screen }] = this.#tabs as [StormTab]
    this.#disk.officeId = screen.frame.office.id
    this.#dossiers = [...screen.workspace.rows.values()].filter((row) => row.status === 'client').map(({ id }) => id)
    this.#dossiers.splice(dossierCount)
    for (const tab of this.#tabs) tab.typists = await this.#openNotes(tab.screen)
    for (const tab of this.#tabs) watchEvents(tab.screen, this.#witness, this.faults)
    this.#isRaging = true
    this.#streams = this.#tabs.map((tab) => this.#command(tab.screen))
    this.#typing = setInterval(() => this.#type(), typeEveryMs)
  }

  /** What everybody was told and shown up to now. */
  told(): Told {
    const { done, seen } = this.#witness
    return { witness: { done: new Map(done), seen: new Map(seen) }, clocks: snapshotClocks(this.#typists) }
  }

  /** Looks whether all of that is in the store. */
  judge({ witness, clocks }: Told): Promise<void> {
    return judgeStore(this.#disk, witness, clocks, this.faults)
  }

  /** Resolves when every tab has its screen and all its notes back; with how long each took from now, in milliseconds. */
  back(): Promise<number[]> {
    const since = performance.now()
    return Promise.all(
      this.#tabs.map(async ({ screen, typists }) => {
        await Promise.all([screen.until('it is connected again', (s) => s.socket.connected, patienceMs), ...typists.map(synced)])
        return performance.now() - since
      }),
    )
  }

  /** One more command of one of the tabs; resolves when it is done. */
  probe(): Promise<void> {
    return this.#send(this.#random.pick(this.#tabs).screen)
  }

  /** Lets everybody finish, and looks whether all have the same: screens, notes, a tab that was not there before, and the disk. */
  async end(member: SignedIn): Promise<StormCounts> {
    this.#isRaging = false
    clearInterval(this.#typing)
    await Promise.all(this.#streams)
    await untilSaved(this.#typists)
    const last = Math.max(0, ...[...this.#witness.done.values()].map((n) => n ?? 0))
    await Promise.all(this.#tabs.map(({ screen }) => screen.until('it has caught up', ({ at }) => at >= last, patienceMs)))
    const screen = await member.open()
    const fresh = { screen, typists: await this.#openNotes(screen) }
    this.#tabs.push(fresh)
    await judgeConverged(this.#disk, this.#typists, this.faults)
    const screens = this.#tabs.map(({ screen }) => screen)
    judgeScreens(screens, this.#dossiers, this.faults)
    return this.counts
  }

  get counts(): StormCounts {
    return {
      tabs: this.#tabs.length,
      notes: noteCount,
      commands: this.#commands,
      done: this.#witness.done.size,
      seen: this.#witness.seen.size,
      typed: this.#typists.reduce((sum, { typed }) => sum + typed, 0),
      faults: this.faults,
    }
  }

  /** Closes every tab. */
  stop(): void {
    this.#isRaging = false
    clearInterval(this.#typing)
    for (const { screen, typists } of this.#tabs) {
      for (const { session } of typists) session.destroy()
      screen.close()
    }
  }

  get #typists(): Typist[] {
    return this.#tabs.flatMap(({ typists }) => typists)
  }

  /** Notes, and the member's own comments on the last few of the dossiers. */
  #openNotes({ member, memberId }: Screen): Promise<Typist[]> {
    const socket = notesSocketOf(member)
    const texts = this.#dossiers.slice(0, noteCount).map((id, i) => (i < noteCount - commentCount ? id : commentsNote(id, memberId)))
    return Promise.all(texts.map((note) => openTypist(member, note, socket)))
  }

  #type(): void {
    for (const { typists } of this.#tabs) type(this.#random.pick(typists), () => this.#random.next())
  }

  async #command(screen: Screen): Promise<void> {
    while (this.#isRaging) {
      await pause(this.#random.int(commandEveryMs))
      await this.#send(screen)
    }
  }

  async #send(screen: Screen): Promise<void> {
    this.#commands++
    await sendUntilAnswered(screen, randomCommand(screen, this.#random.pick(this.#dossiers), this.#random), this.#witness)
  }
}

export function spreadOf(times: readonly number[]): Spread {
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
