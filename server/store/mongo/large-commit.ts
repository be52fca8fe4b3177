import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { MongoClient } from 'mongodb'
import type { Client } from '#shared/contracts/client.ts'
import type { Dossier } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { Duplicate } from '../duplicate.ts'
import type { Commit, Drop, Put } from '../store.ts'
import { clientDocument } from './clients.ts'
import type { Collections, Large } from './collections.ts'
import { dossierDocument } from './dossier-fields.ts'
import { noteTable } from './notes.ts'
import { recordTable } from './records.ts'
import { Moved, officeTable } from './offices.ts'
import { isUniqueViolation } from './transaction.ts'
import { versionsIn } from './versions.ts'

/** So many records are sent at once. */
const atOnce = 1_000
const lookEveryMs = 50

/** Clients and dossiers of a large commit. */
export interface LargePart {
  puts: readonly Put[]
  drops: readonly Drop[]
}

/**
 * Commits that no transaction holds: a server's cache takes some ten thousand records of one. Clients and dossiers are written beside those
 * they take the place of, where nobody sees them; one small transaction then makes all of them seen at once, and what is left is tidied up.
 * Other commits of the office wait. A node that dies on the way leaves nothing that is seen, or all of it: whoever waits next ends its work.
 */
export function largeCommits(client: MongoClient, collections: Collections, silenceMs: number) {
  const offices = officeTable(collections)
  const notes = noteTable(client, collections)
  const records = recordTable(collections)
  const kinds = { client: versionsIn(collections.clients), dossier: versionsIn(collections.dossiers) }

  async function stage(commit: Commit, id: string, { puts, drops }: LargePart, written: (count: number) => void): Promise<void> {
    const { officeId } = commit
    const alive = async (): Promise<void> => {
      if (!(await offices.beat(officeId, id))) throw new Moved()
    }
    for (const { kind, ids } of slicesOf([...drops, ...puts.map(({ kind, record }) => ({ kind, id: record.id }))])) {
      await kinds[kind].mark(officeId, ids, id)
      await alive()
    }
    written(drops.length)
    for (const slice of inTurn(lastOf(puts, 'client'), atOnce)) {
      await kinds.client.bring(
        slice.map((record) => clientDocument(officeId, record as Client)),
        id,
      )
      await alive()
      written(slice.length)
    }
    for (const slice of inTurn(lastOf(puts, 'dossier') as Dossier[], atOnce)) {
      await requireFree(
        officeId,
        slice.map(({ number }) => number),
        id,
      )
      await kinds.dossier.bring(
        slice.map((record) => dossierDocument(officeId, record)),
        id,
      )
      await alive()
      written(slice.length)
    }
  }

  /** Throws where a dossier that stays has one of these numbers. Those that are brought are kept apart by the index. */
  async function requireFree(office: Id, numbers: readonly string[], id: string): Promise<void> {
    const staying = { office, number: { $in: [...numbers] }, coming: { $exists: false }, going: { $ne: id } }
    if (await collections.dossiers.findOne(staying, { hint: 'byNumber', projection: { _id: 1 } })) throw new Duplicate('dossierNumber')
  }

  /** After it is done. May be done again, and by anybody. */
  async function settle(officeId: Id, id: string): Promise<void> {
    for (const gone of inTurn(await kinds.dossier.gone(officeId, id), atOnce)) {
      await notes.drop(officeId, gone)
      await records.dropOf(officeId, gone)
    }
    await kinds.client.settle(officeId, id)
    await kinds.dossier.settle(officeId, id)
    await offices.end(officeId, id, true)
  }

  /** Whether it was done after all. Else what it left is removed: nobody sees it, others may go on before. */
  async function giveUp(officeId: Id, id: string): Promise<boolean> {
    if (!(await offices.end(officeId, id, false)) && (await offices.large(officeId))?.id === id) return true
    await kinds.client.clear(officeId, id)
    await kinds.dossier.clear(officeId, id)
    return false
  }

  return {
    /**
     * Does a large commit; `finish` does everything that is no client or dossier in a transaction, together with what makes all of it seen.
     * Throws `Moved`, `Busy` or `Duplicate`; nothing is left then.
     */
    async run(commit: Commit, part: LargePart, written: (count: number) => void, finish: (id: string) => Promise<void>): Promise<void> {
      const id = randomUUID()
      await offices.begin(commit, id)
      try {
        await stage(commit, id, part, written)
        await finish(id)
      } catch (error) {
        if (!(await giveUp(commit.officeId, id))) throw isUniqueViolation(error) ? new Duplicate('dossierNumber') : error
      }
      // it is done: where this fails, whoever waits does it
      await settle(commit.officeId, id).catch(() => {})
    },
    /** Waits for a large commit to be over; ends it where nobody does it any more. */
    async over(officeId: Id, { id }: Large): Promise<void> {
      let last: Large | null = null
      let since = performance.now()
      for (;;) {
        const now = await offices.large(officeId)
        if (now?.id !== id) return
        if (now.beat !== last?.beat || now.isDone !== last.isDone) since = performance.now()
        last = now
        if (performance.now() - since > silenceMs && (now.isDone || (await giveUp(officeId, id)))) await settle(officeId, id)
        await pause(lookEveryMs)
      }
    },
  }
}

/** Of two puts of one record the last one counts. */
function lastOf(puts: readonly Put[], kind: 'client' | 'dossier'): (Client | Dossier)[] {
  return [...new Map(puts.filter((put) => put.kind === kind).map(({ record }) => [record.id, record as Client | Dossier])).values()]
}

function slicesOf(drops: readonly Drop[]): { kind: 'client' | 'dossier'; ids: Id[] }[] {
  return (['client', 'dossier'] as const).flatMap((kind) => {
    const ids = new Set(drops.filter((drop) => drop.kind === kind).map(({ id }) => id))
    return inTurn([...ids], atOnce).map((slice) => ({ kind, ids: slice }))
  })
}

function inTurn<T>(all: readonly T[], length: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / length) }, (_, i) => all.slice(i * length, (i + 1) * length))
}
