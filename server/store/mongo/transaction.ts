import { setTimeout as pause } from 'node:timers/promises'
import { type ClientSession, type MongoClient, MongoError, MongoNetworkError, MongoServerError } from 'mongodb'
import { Stalemate } from './stalled.ts'

/** How long what lost a race, or the primary, is tried again before it is given up, in milliseconds. */
const patienceMs = 60_000
/** The session was ended by who took it for stalled (`stalled.ts`): of a commit it is not known whether it is done. */
const interrupted = 11_601
/** What the driver, or the server, says of an error after which everything is to be begun anew. */
const transient = 'TransientTransactionError'
/** The longest pause between two tries, in milliseconds. */
const longestPauseMs = 64

/** Another writer was there first, by a key that both wanted: everything is to be read again. */
export class Raced extends Error {
  override name = 'Raced'
}

/**
 * Runs work as one transaction: all of it is on the disks of a majority when it resolves, or nothing happened. It is called again where
 * another writer was faster, stands in the way without going on, or the primary went away, so it may change nothing but the store. What it throws undoes everything and goes on
 * up; an error after the end was asked for means: it may or may not have happened.
 */
export async function inTransaction<T>(client: MongoClient, work: (session: ClientSession) => Promise<T>): Promise<T> {
  const until = performance.now() + patienceMs
  const stalemate = new Stalemate(client)
  for (let tries = 0; ; tries++) {
    const session = client.startSession()
    let isLineLost = false
    try {
      return await once(session, work, until)
    } catch (error) {
      isLineLost = error instanceof MongoNetworkError
      if (!isPassing(error) || performance.now() > until) throw error
      if (!isLineLost) await stalemate.lost()
      await breathe(tries)
    } finally {
      // undoes what was not committed. Where the primary went away there is nothing to undo, and a majority to confirm it may be long in coming
      const ended = session.endSession()
      if (!isLineLost) await ended
    }
  }
}

async function once<T>(session: ClientSession, work: (session: ClientSession) => Promise<T>, until: number): Promise<T> {
  session.startTransaction({
    readConcern: { level: 'snapshot' },
    writeConcern: { w: 'majority', journal: true },
    readPreference: 'primary',
  })
  const result = await workIn(session, work)
  await commit(session, until)
  return result
}

/** What is lost with the line before the end was asked for did not happen, also where the driver does not say so (7.9: of interrupted lines). */
async function workIn<T>(session: ClientSession, work: (session: ClientSession) => Promise<T>): Promise<T> {
  try {
    return await work(session)
  } catch (error) {
    if (error instanceof MongoNetworkError || isInterrupted(error)) error.addErrorLabel(transient)
    throw error
  }
}

/** Asked again until there is an answer: the server knows the transaction by its number, and commits it once. */
async function commit(session: ClientSession, until: number): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await session.commitTransaction()
    } catch (error) {
      const isOpen =
        error instanceof MongoNetworkError ||
        isInterrupted(error) ||
        (error instanceof MongoError && error.hasErrorLabel('UnknownTransactionCommitResult'))
      if (!isOpen || performance.now() > until) throw error
      await breathe(tries)
    }
  }
}

const isInterrupted = (error: unknown): error is MongoError => error instanceof MongoError && error.code === interrupted

function isPassing(error: unknown): boolean {
  return error instanceof Raced || (error instanceof MongoError && error.hasErrorLabel(transient))
}

/** A random pause, longer with each try: the driver's own begins with so long a one that three nodes wait for it most of the time. */
function breathe(tries: number): Promise<void> {
  return pause(Math.random() * Math.min(longestPauseMs, 2 ** tries))
}

/** SnapshotTooOld, SnapshotUnavailable */
const snapshotGone: readonly unknown[] = [239, 246]

/** The options of reads that see one moment. The concern is said with each: the connection's own would take its place, and see now. */
export interface Moment {
  session: ClientSession
  readConcern: { level: 'snapshot' }
}

/**
 * Runs reads, one after the other, that all see the same moment; `most`: how often again where the server has that moment no more, as
 * `isSnapshotGone` tells of what is thrown in the end.
 */
export async function inSnapshot<T>(client: MongoClient, reads: (moment: Moment) => Promise<T>, { most = 10 } = {}): Promise<T> {
  for (let tries = 0; ; tries++) {
    const session = client.startSession({ snapshot: true })
    try {
      return await reads({ session, readConcern: { level: 'snapshot' } })
    } catch (error) {
      if (!isSnapshotGone(error) || tries >= most) throw error
      await breathe(tries)
    } finally {
      await session.endSession()
    }
  }
}

export function isSnapshotGone(error: unknown): boolean {
  return error instanceof MongoServerError && snapshotGone.includes(error.code)
}

/** What is written is there already, by one of the unique indexes. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === 11000
}

/** Runs a write; where it meets a key that is there already, throws this instead. */
export async function unlessThere<T>(write: Promise<T>, otherwise: () => Error): Promise<T> {
  try {
    return await write
  } catch (error) {
    throw isUniqueViolation(error) ? otherwise() : error
  }
}
