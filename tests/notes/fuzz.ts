import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Worker } from 'node:worker_threads'
import * as Y from 'yjs'
import { commentsNote } from '#shared/contracts/note-id.ts'
import { noteField } from '#shared/contracts/notes-wire.ts'
import { createLog, type Log } from '../../server/log.ts'
import type { Attack } from './fuzz-attacker.ts'
import { ana, bo, noteB, TestOffice, vic } from './office.ts'
import type { Writer } from './tab.ts'

export interface FuzzResult {
  frames: number
  /** Frames that closed their channel. */
  refused: number
  /** Updates that were appended to the log: some of what is sent is right. */
  appended: number
  /** Crashes, rejections nobody handled, errors in the log, notes that cannot be read: must be empty. */
  faults: string[]
  /**
   * How long a letter took from one colleague to another in a note nearby, in milliseconds. `busy`: how long the server's thread was at work
   * in the meantime at most, which does not count what else the machine does.
   */
  waitMs: { typed: number; median: number; longest: number; busy: number }
  /** Memory after a collection, before and after, in bytes. */
  memory: { before: number; after: number }
  seconds: number
}

const framesANote = 2_000
/** So much of the attack goes by before memory is first looked at: what is loaded once is loaded then. */
const warmUpNotes = 2

/** Frames that are wrong in every way they can be, against a real server, while two colleagues write in a note nearby. */
export async function fuzz({
  frames,
  seed,
  say = () => {},
}: {
  frames: number
  seed: number
  say?: (line: string) => void
}): Promise<FuzzResult> {
  const startedAt = performance.now()
  const faults: string[] = []
  const counts = { refused: 0, appended: 0 }
  const unwatch = watchProcess(faults)
  const log: Log = Object.assign(createLog('silent'), {
    warn: () => void counts.refused++,
    error: (fields: { err?: unknown }, said: string) => void faults.push(`${said}: ${String(fields.err)}`),
  })
  const office = await TestOffice.start({ log, idleMs: 20 })
  const colleagues = await Colleagues.open(office)
  // every other one holds the attacker's own comments on a dossier
  const names = Array.from({ length: Math.ceil(frames / framesANote) + warmUpNotes }, (_, i) => {
    const dossierId = `fuzzedNote${String(i).padStart(7, '0')}`
    return i % 2 === 0 ? dossierId : commentsNote(dossierId, bo)
  })
  const afterEach = async (note: string) => {
    faults.push(...(await readAnew(office, note)))
    counts.appended += office.gate.appends.splice(0).reduce((sum, appends) => sum + appends.length, 0)
  }
  await attack({ port: office.port, memberId: bo, notes: names.slice(0, warmUpNotes), framesANote, seed }, faults, afterEach)
  const before = await collected()
  let done = 0
  await attack({ port: office.port, memberId: bo, notes: names.slice(warmUpNotes), framesANote, seed: seed + 1 }, faults, async (note) => {
    await afterEach(note)
    done += framesANote
    if (done % 50_000 === 0) say(`${done} frames, ${counts.refused} refused, longest wait ${colleagues.longest.toFixed(1)} ms`)
  })
  const waitMs = await colleagues.end()
  const memory = { before, after: await collected(before) }
  await office.close()
  unwatch()
  return { frames: done, ...counts, faults, waitMs, memory, seconds: Math.round((performance.now() - startedAt) / 1_000) }
}

/** Runs an attacker in a thread of their own; after each note something is done, while the attack goes on. */
async function attack(plan: Attack, faults: string[], afterEach: (note: string) => Promise<void>): Promise<void> {
  const worker = new Worker(new URL('./fuzz-attacker.ts', import.meta.url), { workerData: plan })
  let last = Promise.resolve()
  worker.on('message', (note: string) => (last = last.then(() => afterEach(note))))
  worker.on('error', (error: Error) => faults.push(`the attacker failed: ${error.stack}`))
  await new Promise((resolve) => worker.once('exit', resolve))
  await last
}

/** What an honest browser makes of a note that was attacked. */
async function readAnew(office: TestOffice, note: string): Promise<string[]> {
  const tab = office.tab(vic)
  try {
    const writer = await tab.open(note)
    let stored = await office.storedText(note)
    // what was sent last may still be on its way
    for (let look = 0; look < 100 && writer.text !== stored; look++) {
      await tab.roundTrip()
      stored = await office.storedText(note)
    }
    const isWhole = !writer.doc.store.pendingStructs && !writer.doc.store.pendingDs
    return writer.text === stored && isWhole ? [] : [`${note} is read as ${writer.text}, and stored as ${stored}`]
  } catch (error) {
    return [`${note} cannot be read: ${String(error)}`]
  } finally {
    tab.close()
  }
}

/** Two who write in a note nearby, one letter after the other. */
class Colleagues {
  longest = 0
  #busy = 0
  readonly #waits: number[] = []
  readonly #typist: Writer
  readonly #reader: Writer
  #isWriting = true
  readonly #written: Promise<void>

  private constructor(typist: Writer, reader: Writer) {
    this.#typist = typist
    this.#reader = reader
    this.#written = this.#write()
  }

  static async open(office: TestOffice): Promise<Colleagues> {
    return new Colleagues(await office.tab(ana).open(noteB), await office.tab(vic).open(noteB))
  }

  async #write(): Promise<void> {
    const { doc, open } = this.#typist
    while (this.#isWriting) {
      if (this.#typist.text.length > 500) doc.getXmlFragment(noteField).delete(0, 1)
      const [typedAt, workedAt] = [performance.now(), workedMs()]
      this.#typist.type('x')
      const clock = Y.getState(doc.store, open.clientId)
      await this.#reader.until(() => Y.getState(this.#reader.doc.store, open.clientId) >= clock)
      const waited = performance.now() - typedAt
      this.#waits.push(waited)
      this.longest = Math.max(this.longest, waited)
      this.#busy = Math.max(this.#busy, workedMs() - workedAt)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  async end(): Promise<FuzzResult['waitMs']> {
    this.#isWriting = false
    await this.#written
    const sorted = this.#waits.toSorted((a, b) => a - b)
    return { typed: sorted.length, median: sorted[sorted.length >> 1] ?? 0, longest: this.longest, busy: this.#busy }
  }
}

/** How long this thread was at work so far, in milliseconds. */
function workedMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

/** The memory in use after a collection; the least of a few looks, until it is about what it was. */
async function collected(expected = Infinity): Promise<number> {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  let least = Infinity
  for (let look = 0; look < 20 && (look < 3 || least > expected * 1.1); look++) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    gc()
    const { heapUsed, external } = process.memoryUsage()
    least = Math.min(least, heapUsed + external)
  }
  return least
}

function watchProcess(faults: string[]): () => void {
  const note = (error: unknown) => void faults.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
  process.on('unhandledRejection', note)
  process.on('uncaughtException', note)
  return () => {
    process.off('unhandledRejection', note)
    process.off('uncaughtException', note)
  }
}
