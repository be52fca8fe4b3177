import type { ClientSession, MongoClient } from 'mongodb'
import type { Client } from '#shared/contracts/client.ts'
import type { Dossier } from '#shared/contracts/dossier.ts'
import { progressOf, readBulk, requireNumbers } from '../bulk.ts'
import { Duplicate } from '../duplicate.ts'
import type { Commit, CommitResult, Drop, Put } from '../store.ts'
import { answerTable } from './answers.ts'
import { clientDocument } from './clients.ts'
import type { Collections, SmallKind } from './collections.ts'
import { dossierDocument } from './dossier-fields.ts'
import { eventTable } from './events.ts'
import { fenceTable } from './fences.ts'
import { largeCommits, type LargePart } from './large-commit.ts'
import { noteTable } from './notes.ts'
import { Busy, Moved, NotItsTurn, officeTable } from './offices.ts'
import { recordTable, type SmallPut } from './records.ts'
import { inTransaction, unlessThere } from './transaction.ts'
import { versionsIn } from './versions.ts'

/** From so many clients and dossiers on a commit is a large one: a transaction of many more may not fit into a server's cache. */
const largeFrom = 2_000

/**
 * Writes batches: events, records, answers and raised fences, all or nothing, on the disks of a majority when it resolves.
 * `silenceMs`: a large commit that gives no sign of life for so long is ended by whoever waits for it.
 */
export function committer(client: MongoClient, collections: Collections, { silenceMs = 20_000 }: { silenceMs?: number } = {}) {
  const offices = officeTable(collections)
  const answers = answerTable(collections)
  const events = eventTable(collections)
  const records = recordTable(collections)
  const clients = versionsIn(collections.clients)
  const dossiers = versionsIn(collections.dossiers)
  const notes = noteTable(client, collections)
  const fences = fenceTable(collections)
  const large = largeCommits(client, collections, silenceMs)

  /**
   * The first thing of a transaction. What it sees is as it was when it began: who appends to a note all the time would else have passed a
   * fence between that and here, every time, and the withdrawal would have to begin anew for ever.
   */
  async function raise(session: ClientSession, { officeId, fences: raised }: Commit): Promise<void> {
    if (raised === 'all' || raised.length > 0) await fences.raise(officeId, raised, session)
  }

  /** Everything but clients, dossiers and fences. */
  async function writeFrame(session: ClientSession, commit: Commit, { puts, drops }: Writes): Promise<void> {
    const { officeId } = commit
    if (commit.answers.length > 0) await answers.add(officeId, commit.answers, session)
    if (commit.events.length > 0) await events.add(officeId, commit.events, session)
    for (const [kind, some] of Map.groupBy(drops.filter(isSmallDrop), (drop) => drop.kind)) {
      await records.drop(officeId, kind, idsOf(some), session)
    }
    const small = puts.filter(isSmallPut)
    if (small.length > 0) await records.put(officeId, small, session)
  }

  async function writeLarge(session: ClientSession, { officeId }: Commit, { puts, drops }: LargePart): Promise<void> {
    const goneClients = idsOf(drops.filter(({ kind }) => kind === 'client'))
    if (goneClients.length > 0) await clients.drop(officeId, goneClients, session)
    const gone = idsOf(drops.filter(({ kind }) => kind === 'dossier'))
    if (gone.length > 0) {
      await dossiers.drop(officeId, gone, session)
      await notes.drop(officeId, gone, session)
      await records.dropOf(officeId, gone, session)
    }
    const people = puts.flatMap(({ kind, record }) => (kind === 'client' ? [clientDocument(officeId, record as Client)] : []))
    if (people.length > 0) await clients.put(people, session)
    const cases = puts.flatMap(({ kind, record }) => (kind === 'dossier' ? [dossierDocument(officeId, record as Dossier)] : []))
    if (cases.length > 0) await unlessThere(dossiers.put(cases, session), () => new Duplicate('dossierNumber'))
  }

  async function write(commit: Commit, writes: Writes): Promise<void> {
    const part = { puts: writes.puts.filter((put) => !isSmallPut(put)), drops: writes.drops.filter((drop) => !isSmallDrop(drop)) }
    const count = part.puts.length + part.drops.length
    const written = progressOf(commit)
    if (count >= largeFrom) {
      const finish = (id: string) =>
        inTransaction(client, async (session) => {
          await raise(session, commit)
          await offices.finish(commit, id, session)
          await writeFrame(session, commit, writes)
        })
      return large.run(commit, part, written, finish)
    }
    await inTransaction(client, async (session) => {
      await raise(session, commit)
      // before the rest: who comes second finds the number taken, and does nothing in vain
      await offices.take(commit, session)
      await writeFrame(session, commit, writes)
      await writeLarge(session, commit, part)
    })
    if (commit.bulk) written(count)
  }

  return async (commit: Commit): Promise<CommitResult> => {
    requireNumbers(commit)
    const bulk = readBulk(commit)
    const writes = { drops: [...(commit.drops ?? []), ...bulk.drops], puts: [...commit.puts, ...bulk.puts] }
    for (;;) {
      try {
        await write(commit, writes)
        return { kind: 'done' }
      } catch (error) {
        if (error instanceof Moved) return { kind: 'moved' }
        if (error instanceof Duplicate) return { kind: 'duplicate', what: error.what }
        // a courtesy: should the primary be gone meanwhile, the next try waits for another
        if (error instanceof NotItsTurn) await offices.turnOver(commit.officeId, error.turn).catch(() => {})
        else if (error instanceof Busy) await large.over(commit.officeId, error.large)
        else throw error
      }
    }
  }
}

interface Writes {
  puts: readonly Put[]
  drops: readonly Drop[]
}
type SmallDrop = Drop & { kind: SmallKind }

function isSmallPut(put: Put): put is SmallPut {
  return put.kind !== 'client' && put.kind !== 'dossier'
}

function isSmallDrop(drop: Drop): drop is SmallDrop {
  return drop.kind !== 'client' && drop.kind !== 'dossier'
}

const idsOf = (drops: readonly Drop[]) => drops.map(({ id }) => id)
