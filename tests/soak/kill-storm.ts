import { type ChildProcess, fork } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Command } from '#shared/contracts/commands.ts'
import type { OfficeEvent } from '#shared/contracts/events.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { noteField } from '#shared/contracts/notes-wire.ts'
import { newId } from '../../server/new-id.ts'
import { openSqliteStore } from '../../server/store/sqlite/open.ts'
import type { Store } from '../../server/store/store.ts'
import type { Screen, SignedIn } from '../harness/member.ts'
import { type Person, startSampleOffice } from '../harness/office.ts'
import { judgeNote, openTypist, snapshotClocks, type Typist, type, untilSaved } from '../harness/typist.ts'

process.setMaxListeners(200)

const who: Person[] = ['adviser', 'manager', 'admin', 'colleague']
const noteCount = 4
const child = fileURLToPath(new URL('./server-child.ts', import.meta.url))

/** What somebody was told is done, or saw: none of it may be missing later. */
interface Witness {
  /** Commands answered "done", by id, with the number of their event. */
  done: Map<Id, number | null>
  /** Events that another screen applied. */
  seen: Map<number, Id>
}

export interface StormResult {
  rounds: number
  commands: number
  done: number
  seen: number
  typed: number
  /** What was missing, doubled or different: must be empty. */
  faults: string[]
}

/**
 * A storm of commands and typing while the server is killed (`kill -9`) `rounds` times at random moments. After each kill the store is
 * read before anybody can bring anything back, and compared with what had been seen or called done.
 */
export async function killStorm({
  rounds,
  seed,
  say = () => {},
}: {
  rounds: number
  seed: number
  say?: (line: string) => void
}): Promise<StormResult> {
  const random = randomFrom(seed)
  const office = await startSampleOffice(who)
  const { port } = office.server
  const members = new Map<Person, SignedIn>()
  for (const person of who) members.set(person, await office.signIn(person))
  await office.server.close()

  const faults: string[] = []
  const witness: Witness = { done: new Map(), seen: new Map() }
  let server = await startChild(office.dataDir, port)
  const screens: Screen[] = []
  for (const member of members.values()) screens.push(await member.open())
  for (const screen of screens) watchEvents(screen, witness, faults)
  const dossiers = [...screens[0]!.workspace.rows.values()].filter((r) => r.status === 'client').slice(0, 40)
  const typists = await Promise.all(
    [...members.values()].flatMap((member) => dossiers.slice(0, noteCount).map((dossier) => openTypist(member, dossier.id))),
  )
  let commands = 0
  let storming = true
  const streams = screens.map(async (screen) => {
    while (storming) {
      const dossier = dossiers[Math.floor(random() * dossiers.length)]!
      commands++
      await sendUntilAnswered(screen, randomCommand(screen, dossier.id, random), witness)
    }
  })
  const typing = setInterval(() => {
    for (const typist of typists) if (random() < 0.5) type(typist, random)
  }, 25)

  for (let round = 1; round <= rounds; round++) {
    await pause(150 + random() * 900)
    const clocksAtKill = snapshotClocks(typists)
    const doneAtKill = new Map(witness.done)
    await kill(server)
    await judgeStore(office.dataDir, { done: doneAtKill, seen: new Map(witness.seen) }, clocksAtKill, screens[0]!.frame.office.id, faults)
    server = await startChild(office.dataDir, port)
    await Promise.all(screens.map((s) => s.until('it is connected again', (screen) => screen.socket.connected, 20_000)))
    say(`round ${round}: ${commands} commands, ${witness.done.size} done, ${witness.seen.size} seen, faults ${faults.length}`)
  }
  storming = false
  clearInterval(typing)
  await Promise.all(streams)
  await untilSaved(typists)
  const last = Math.max(0, ...[...witness.done.values()].map((n) => n ?? 0))
  await Promise.all(screens.map((s) => s.until('it has caught up', (screen) => screen.at >= last, 20_000)))
  const fresh = await Promise.all(dossiers.slice(0, noteCount).map((d) => openTypist(members.get('adviser')!, d.id)))
  await judgeConverged([...typists, ...fresh], faults)
  judgeScreens(
    screens,
    dossiers.map((d) => d.id),
    faults,
  )
  for (const typist of [...typists, ...fresh]) typist.session.destroy()
  for (const screen of screens) screen.close()
  await kill(server)
  await judgeStore(office.dataDir, witness, snapshotClocks(typists), screens[0]!.frame.office.id, faults)
  await rm(office.dataDir, { recursive: true, force: true })
  return { rounds, commands, done: witness.done.size, seen: witness.seen.size, typed: typists.reduce((sum, t) => sum + t.typed, 0), faults }
}

function startChild(dataDir: string, port: number): Promise<ChildProcess> {
  const process = fork(child, [dataDir, String(port)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  return new Promise((resolve, reject) => {
    process.once('message', () => resolve(process))
    process.once('exit', (code) => reject(new Error(`the server did not start: ${code}`)))
  })
}

function kill(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    server.removeAllListeners('exit')
    server.once('exit', () => resolve())
    server.kill('SIGKILL')
  })
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

function randomCommand(screen: Screen, dossierId: Id, random: () => number): Command {
  const { stages } = screen.frame
  if (random() < 0.4) return { type: 'dossier.moveStage', dossierId, stageId: stages[Math.floor(random() * (stages.length - 1))]!.id }
  return { type: 'dossier.edit', dossierId, amount: Math.floor(random() * 1e9) }
}

/** As a screen does: the same id until there is an answer. */
async function sendUntilAnswered(screen: Screen, command: Command, witness: Witness): Promise<void> {
  const id = newId()
  for (;;) {
    await screen.until('it is connected', (s) => s.socket.connected, 30_000)
    const answer = await Promise.race([
      screen.send(command, { id, seen: 1_000_000_000 }).catch(() => null),
      screen
        .until('the line breaks', (s) => !s.socket.connected, 30_000)
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

/** Reads what is on disk, as nobody has touched it since the kill. */
async function judgeStore(
  dataDir: string,
  witness: Witness,
  clocks: Map<Id, Map<number, number>>,
  officeId: Id,
  faults: string[],
): Promise<void> {
  const store = await openSqliteStore({ dataDir, readOnly: true })
  try {
    const byCommand = await judgeLog(store, witness, officeId, faults)
    for (const [id, n] of witness.done) {
      if (n !== null && byCommand.get(id) !== n) faults.push(`the command ${id} was called done as ${n}, the log has ${byCommand.get(id)}`)
    }
    for (const [dossierId, must] of clocks) await judgeNote(store, officeId, dossierId, must, faults)
  } finally {
    await store.close()
  }
}

async function judgeLog(store: Store, witness: Witness, officeId: Id, faults: string[]): Promise<Map<Id, number>> {
  const byCommand = new Map<Id, number>()
  const log = new Map<number, OfficeEvent>()
  for (let after = 2; ;) {
    const events = await store.events(officeId, after, 1_000)
    if (events.length === 0) break
    for (const event of events) {
      if (event.n !== after + 1) faults.push(`the log goes from ${after} to ${event.n}`)
      if (byCommand.has(event.commandId)) faults.push(`the command ${event.commandId} had two effects`)
      byCommand.set(event.commandId, event.n)
      log.set(event.n, event)
      after = event.n
    }
  }
  for (const [n, commandId] of witness.seen) {
    if (n > 2 && log.get(n)?.commandId !== commandId) faults.push(`event ${n} was seen and is not in the log`)
  }
  return byCommand
}

async function judgeConverged(typists: readonly Typist[], faults: string[]): Promise<void> {
  const texts = () => {
    const byNote = new Map<Id, Set<string>>()
    for (const { session, dossierId } of typists) {
      const set = byNote.get(dossierId) ?? new Set<string>()
      byNote.set(dossierId, set.add(session.doc?.getXmlFragment(noteField).toString() ?? ''))
    }
    return byNote
  }
  const deadline = Date.now() + 10_000
  while ([...texts().values()].some((set) => set.size > 1) && Date.now() < deadline) await pause(20)
  for (const [note, set] of texts()) if (set.size > 1) faults.push(`note ${note} has ${set.size} different texts in the end`)
}

function judgeScreens(screens: readonly Screen[], ids: readonly Id[], faults: string[]): void {
  for (const id of ids) {
    const rows = new Set(screens.map((s) => JSON.stringify(s.row(id))))
    if (rows.size > 1) faults.push(`dossier ${id} differs between screens`)
  }
}

/** A seeded source of numbers from 0 to 1 (mulberry32). */
export function randomFrom(seed: number): () => number {
  let a = seed
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
