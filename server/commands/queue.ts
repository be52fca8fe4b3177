import { createHash } from 'node:crypto'
import type { Answer, Command, Envelope } from '#shared/contracts/commands.ts'
import type { OfficeEvent } from '#shared/contracts/events.ts'
import type { Id, Instant } from '#shared/contracts/ids.ts'
import { type Actor, actorOf } from '#shared/domain/access.ts'
import type { Offices } from '../queries/offices.ts'
import type { Store, StoredAnswer } from '../store/store.ts'
import type { Context, Decision } from './context.ts'
import { decide } from './decide.ts'
import { letsIn } from './token.ts'
import { View } from './view.ts'

const largestBatch = 200
/** On a busy office every node is too late now and then: with each such try it asks for its turn. */
const impatientAt = 4
const mostTries = 50

/** What a job that is no command does: decides on the view like a handler; null: accepted. */
export type Work = (context: Context) => Decision

interface Job {
  memberId: Id
  /** By which they act; null: they do it themselves. */
  tokenId: Id | null
  /** Null for a job that is no command: its answer is not kept. */
  envelope: Envelope | null
  work: Work | null
  /** Decided and committed in a batch of its own: what it writes in bulk is not seen by others before it is on disk. */
  isAlone: boolean
  id: Id
  hash: string
  answer: Promise<Answer>
  resolve: (answer: Answer) => void
  reject: (error: unknown) => void
}

/** Commands of one office that wait, and those of the batch being committed. */
interface Lane {
  waiting: Job[]
  inFlight: Map<string, Job>
  running: Promise<void> | null
}

export interface QueueOptions {
  store: Store
  offices: Offices
  now: () => Instant
  newId: () => Id
  /** Called in the order of the numbers, after the events are on disk and before their answers are given. */
  onCommitted: (officeId: Id, events: readonly OfficeEvent[]) => void
  /** Told of each command of a member when it comes. */
  onAsked?: (answered: Promise<Answer>) => void
  /** Told of each command of a member: `done`, the code of its refusal, or `failed`. */
  onAnswered?: (type: Command['type'], outcome: string) => void
}

/**
 * Commits of one office stand in one short queue: what waits is decided one by one and committed together.
 * An answer, refusals included, is on disk before it is given; a retry with the same id gets the first answer.
 */
export class CommandQueue {
  #options: QueueOptions
  #lanes = new Map<Id, Lane>()

  constructor(options: QueueOptions) {
    this.#options = options
  }

  /** Has a parsed command decided and committed; `tokenId`: by a token, which must still let in when it is decided. Rejects when the store failed: then it may or may not have happened, and is to be repeated. */
  dispatch(officeId: Id, memberId: Id, envelope: Envelope, tokenId: Id | null = null): Promise<Answer> {
    const lane = this.#lane(officeId)
    const hash = hashOf(envelope)
    const key = keyOf({ memberId, id: envelope.id })
    const same = lane.inFlight.get(key)
    if (same) return same.hash === hash ? same.answer : Promise.resolve({ ok: false, refusal: { code: 'commandIdReused' } })
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    this.#tell(envelope.command.type, promise)
    const job: Job = { memberId, tokenId, envelope, work: null, isAlone: false, id: envelope.id, hash, answer: promise, resolve, reject }
    lane.inFlight.set(key, job)
    lane.waiting.push(job)
    lane.running ??= this.#run(officeId, lane)
    return promise
  }

  /**
   * Has something decided and committed that is no command of a signed-in member: joining by a link, an import. It stands in the same
   * queue, in the name of `memberId`, who need not be able to act; its events carry `id`. May be called again by itself when the log moved on.
   */
  perform(
    officeId: Id,
    memberId: Id,
    id: Id,
    work: Work,
    { isAlone = false, tokenId = null }: { isAlone?: boolean; tokenId?: Id | null } = {},
  ): Promise<Answer> {
    const lane = this.#lane(officeId)
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    lane.waiting.push({ memberId, tokenId, envelope: null, work, isAlone, id, hash: '', answer: promise, resolve, reject })
    lane.running ??= this.#run(officeId, lane)
    return promise
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    for (;;) {
      const running = [...this.#lanes.values()].flatMap((lane) => lane.running ?? [])
      if (running.length === 0) return
      await Promise.all(running)
    }
  }

  #tell(type: Command['type'], answered: Promise<Answer>): void {
    const { onAsked, onAnswered } = this.#options
    onAsked?.(answered)
    if (!onAnswered) return
    answered.then(
      (answer) => onAnswered(type, answer.ok ? 'done' : answer.refusal.code),
      () => onAnswered(type, 'failed'),
    )
  }

  #lane(officeId: Id): Lane {
    let lane = this.#lanes.get(officeId)
    if (!lane) this.#lanes.set(officeId, (lane = { waiting: [], inFlight: new Map(), running: null }))
    return lane
  }

  async #run(officeId: Id, lane: Lane): Promise<void> {
    // what arrives within the same turn of the event loop goes into the same commit
    await new Promise((resolve) => setImmediate(resolve))
    while (lane.waiting.length > 0) {
      const batch = lane.waiting.splice(0, batchLength(lane.waiting))
      try {
        const answers = await this.#commit(officeId, batch)
        batch.forEach((job, i) => settle(job, answers[i]))
      } catch (error) {
        for (const job of batch) job.reject(error)
      } finally {
        for (const job of batch) if (job.envelope) lane.inFlight.delete(keyOf(job))
      }
    }
    lane.running = null
  }

  /** Decides and commits until nobody else was faster. */
  async #commit(officeId: Id, batch: readonly Job[]): Promise<(Answer | Error)[]> {
    const { store, offices, onCommitted } = this.#options
    for (let tries = 1; tries <= mostTries; tries++) {
      const turn = tries % impatientAt === 0 ? await store.turn(officeId) : null
      try {
        // others may have committed until now
        if (turn) onCommitted(officeId, await offices.refresh(officeId))
        const answers = await this.#tryToCommit(officeId, batch, turn?.id)
        if (answers) return answers
      } finally {
        void turn?.giveBack()
      }
      onCommitted(officeId, await offices.refresh(officeId))
    }
    throw new Error(`the office's log moved on ${mostTries} times while a batch was being committed`)
  }

  /** Null where somebody was faster: nothing was written. */
  async #tryToCommit(officeId: Id, batch: readonly Job[], turn: string | undefined): Promise<(Answer | Error)[] | null> {
    const { store, offices, now, newId, onCommitted } = this.#options
    const state = await offices.find(officeId)
    if (!state) throw new Error('no such office')
    const view = new View(store, officeId, state.number, state.frame)
    const [given] = await Promise.all([this.#given(officeId, batch), view.prepare(batch.flatMap(dossierOf))])
    const answers: (Answer | Error)[] = []
    const fresh: StoredAnswer[] = []
    for (const job of batch) {
      const known = job.envelope && given.get(keyOf(job))
      const answer = known ? repeated(known, job.hash) : await judge(view, job, { now: now(), newId })
      answers.push(answer)
      if (job.envelope && !known && !(answer instanceof Error))
        fresh.push({ memberId: job.memberId, commandId: job.id, hash: job.hash, at: now(), answer })
    }
    const written = view.written()
    const isEmpty = written.events.length + written.puts.length + written.drops.length === 0
    if (fresh.length === 0 && isEmpty) return answers
    const result = await store.commit({ officeId, ...written, answers: fresh, ...(turn && { turn }) })
    if (result.kind !== 'done') return null
    await offices.advance(officeId, written.events)
    if (written.events.length > 0) onCommitted(officeId, written.events)
    return answers
  }

  /** The answers that were given before to commands of a batch. */
  async #given(officeId: Id, batch: readonly Job[]): Promise<Map<string, StoredAnswer>> {
    const commands = batch.flatMap(({ envelope, memberId, id }) => (envelope ? [{ memberId, commandId: id }] : []))
    if (commands.length === 0) return new Map()
    const answers = await this.#options.store.answers(officeId, commands)
    return new Map(answers.map((answer) => [keyOf({ memberId: answer.memberId, id: answer.commandId }), answer]))
  }
}

function keyOf({ memberId, id }: Pick<Job, 'memberId' | 'id'>): string {
  return `${memberId}/${id}`
}

/** The dossier a command is about, where it is about one. */
function dossierOf({ envelope }: Job): Id[] {
  return envelope && 'dossierId' in envelope.command ? [envelope.command.dossierId] : []
}

/** How many of those that wait are committed together. */
function batchLength(waiting: readonly Job[]): number {
  if (waiting[0]?.isAlone) return 1
  const alone = waiting.findIndex(({ isAlone }) => isAlone)
  return Math.min(largestBatch, alone < 0 ? waiting.length : alone)
}

function settle(job: Job, answer: Answer | Error | undefined): void {
  if (answer === undefined || answer instanceof Error) job.reject(answer)
  else job.resolve(answer)
}

/** One command, judged by itself: refused, or failed at, it leaves nothing behind for those after it. */
async function judge(view: View, job: Job, tools: Pick<Context, 'now' | 'newId'>): Promise<Answer | Error> {
  try {
    return await judged(view, job, tools)
  } catch (error) {
    view.discard()
    return error instanceof Error ? error : new Error(String(error))
  }
}

async function judged(
  view: View,
  { memberId, tokenId, envelope, work, id }: Job,
  { now, newId }: Pick<Context, 'now' | 'newId'>,
): Promise<Answer> {
  const actor = actorOf(view.frame, memberId) ?? (work && nobody(view, memberId))
  const token = tokenId === null ? null : await view.get('token', tokenId)
  const isBarred = tokenId !== null && !(letsIn(token, now) && token.memberId === memberId && token.scope === 'all')
  if (!actor || isBarred) return { ok: false, refusal: { code: 'forbidden', action: envelope?.command.type ?? '' } }
  const stamp = { at: now, by: memberId, commandId: id, ...(token && { via: token.name }) }
  const context: Context = {
    view,
    actor: token ? { ...actor, token } : actor,
    now,
    newId,
    commandId: id,
    seen: envelope?.seen,
    emit: (h) => void view.emit(h, stamp),
  }
  const refusal = work ? await work(context) : envelope && (await decide(context, envelope.command))
  if (refusal) {
    view.discard()
    return { ok: false, refusal }
  }
  return { ok: true, n: view.accept() }
}

/** Who joins by a link, or sets a password by one, cannot act yet. */
function nobody(view: View, memberId: Id): Actor {
  const { office } = view.frame
  const { divisionsOn } = office
  return { officeId: office.id, memberId, role: 'viewer', divisionIds: [], ownerIds: [], seesAll: false, divisionsOn }
}

function repeated(known: StoredAnswer, hash: string): Answer {
  return known.hash === hash ? known.answer : { ok: false, refusal: { code: 'commandIdReused' } }
}

/** `seen` is not part of what is asked: a screen that repeats a command may have moved on meanwhile. */
function hashOf({ command }: Envelope): string {
  return createHash('sha256').update(JSON.stringify(command)).digest('base64url')
}
