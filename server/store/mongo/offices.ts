import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { ClientSession, WithId } from 'mongodb'
import type { Id } from '#shared/contracts/ids.ts'
import type { Commit } from '../store.ts'
import type { Collections, Large, OfficeDoc } from './collections.ts'
import { unlessThere } from './transaction.ts'

/** Ends a commit: the office's number is another. Never leaves the store. */
export class Moved extends Error {
  override name = 'Moved'
}

/** A commit has to wait for a large one of the same office. Never leaves the store. */
export class Busy extends Error {
  override name = 'Busy'
  readonly large: Large
  constructor(large: Large) {
    super('a large commit is under way')
    this.large = large
  }
}

/** A commit has to wait for another node's turn. Never leaves the store. */
export class NotItsTurn extends Error {
  override name = 'NotItsTurn'
  readonly turn: string
  constructor(turn: string) {
    super('another node has the next commit')
    this.turn = turn
  }
}

type Numbers = Pick<Commit, 'officeId' | 'expect' | 'events' | 'turn'>

/** So long others leave the next commit to whoever has the turn, in milliseconds: one whose node was killed is taken for over then. */
const longestTurnMs = 2_000
/** How often those who wait look whether it is over, in milliseconds at most. */
const lookEveryMs = 10
/** How long a majority is waited for before it is not certain, in milliseconds. */
const certainMs = 10_000

/** The offices, the number of each one's last event, and the large commit that is under way. */
export function officeTable({ offices }: Collections) {
  /**
   * Changes an office that stands at this number and has neither a large commit under way nor given another the turn; makes one that
   * expects 0. Else throws `Moved`, `Busy` or `NotItsTurn`.
   */
  async function change(numbers: Numbers, $set: Partial<OfficeDoc>, session?: ClientSession): Promise<void> {
    const { officeId: office, expect: number, turn } = numbers
    const free = { office, number, large: { $exists: false }, ...(turn ? { 'turn.id': turn } : { turn: { $exists: false } }) } as const
    // the count: two commits of an office, with or without events, never pass each other
    const write = offices.updateOne(
      free,
      { $set, ...(turn && { $unset: { turn: 1 } }), $inc: { commits: 1 }, $setOnInsert: { _id: office } },
      { hint: 'byId', upsert: number === 0, session },
    )
    const done = await unlessThere(write, () => new Moved())
    if (done.matchedCount + done.upsertedCount > 0) return
    throw whyNot(await offices.findOne({ office }, { hint: 'byId', session }), numbers)
  }

  async function giveBack(office: Id, id: string): Promise<void> {
    await offices.updateOne({ office, 'turn.id': id }, { $unset: { turn: 1 } }, { hint: 'byId' })
  }

  /** Waits for somebody's turn to be over; one that lasts too long is ended. */
  async function turnOver(office: Id, id: string): Promise<void> {
    const until = performance.now() + longestTurnMs
    while ((await offices.findOne({ office }, { hint: 'byId' }))?.turn?.id === id) {
      if (performance.now() > until) return giveBack(office, id)
      await pause(Math.random() * lookEveryMs)
    }
  }

  /** Waits for the turns of others, and has the next. */
  async function takeTurn(office: Id): Promise<string> {
    const id = randomUUID()
    for (;;) {
      const free = { office, turn: { $exists: false } }
      const taken = await offices.updateOne(free, { $set: { turn: { id } } }, { hint: 'byId' })
      const other = taken.matchedCount > 0 ? undefined : (await offices.findOne({ office }, { hint: 'byId' }))?.turn
      if (!other) return id
      await turnOver(office, other.id)
    }
  }

  return {
    async ids(): Promise<Id[]> {
      const all = offices.find({ number: { $gt: 0 } }, { hint: 'byId', sort: { office: 1 }, projection: { office: 1 } })
      return (await all.toArray()).map(({ office }) => office)
    },
    number: async (office: Id): Promise<number> => (await offices.findOne({ office }, { hint: 'byId' }))?.number ?? 0,
    large: async (office: Id): Promise<Large | null> => (await offices.findOne({ office }, { hint: 'byId' }))?.large ?? null,
    /**
     * As the port says. Only a server that a majority follows at this moment answers such a read; one that has just become the first waits
     * until a majority holds what it took over.
     */
    async upToDate(office: Id | null): Promise<void> {
      const certain = { readConcern: { level: 'linearizable' }, maxTimeMS: certainMs } as const
      await offices.findOne({ office: office ?? '' }, { hint: 'byId', projection: { _id: 1 }, ...certain })
    },
    /** Takes the next numbers for a commit; throws `Moved`, `Busy` or `NotItsTurn`. */
    take: (numbers: Numbers, session: ClientSession): Promise<void> =>
      change(numbers, { number: numbers.expect + numbers.events.length }, session),
    /** Keeps all other commits of the office waiting for a large one; throws `Moved`, `Busy` or `NotItsTurn`. */
    begin: (numbers: Numbers, id: string): Promise<void> => change(numbers, { large: { id, isDone: false, beat: 0 } }),
    giveBack,
    turnOver,
    takeTurn,
    /** Is alive. False where somebody else has given the large commit up. */
    async beat(office: Id, id: string): Promise<boolean> {
      const own = { office, 'large.id': id }
      return (await offices.updateOne(own, { $inc: { 'large.beat': 1 } }, { hint: 'byId' })).matchedCount > 0
    },
    /** Takes the next numbers for a large commit, after which all of it is seen; throws `Moved` where it was given up. */
    async finish({ officeId: office, expect, events }: Numbers, id: string, session: ClientSession): Promise<void> {
      const own = { office, number: expect, 'large.id': id, 'large.isDone': false }
      const $set = { number: expect + events.length, 'large.isDone': true }
      const done = await offices.updateOne(own, { $set, $inc: { commits: 1 } }, { hint: 'byId', session })
      if (done.matchedCount === 0) throw new Moved()
    },
    /** Lets other commits go on. False where somebody else did; `isDone`: only where it is, or is not. */
    async end(office: Id, id: string, isDone: boolean): Promise<boolean> {
      const own = { office, 'large.id': id, 'large.isDone': isDone }
      return (await offices.updateOne(own, { $unset: { large: 1 } }, { hint: 'byId' })).matchedCount > 0
    },
  }
}

function whyNot(found: WithId<OfficeDoc> | null, { expect, turn }: Numbers): Moved | Busy | NotItsTurn {
  if (found?.number !== expect) return new Moved()
  if (found.large) return new Busy(found.large)
  return found.turn && found.turn.id !== turn ? new NotItsTurn(found.turn.id) : new Moved()
}
