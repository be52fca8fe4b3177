import { expect } from 'vitest'
import type { ImportJob } from '#shared/contracts/import-job.ts'
import type { ImportFile } from '#shared/contracts/import.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Actor } from '#shared/domain/access.ts'
import { CommandQueue } from '../../server/commands/queue.ts'
import { ImportJobs } from '../../server/import/import-jobs.ts'
import { createLog } from '../../server/log.ts'
import { newId } from '../../server/new-id.ts'
import { Offices } from '../../server/queries/offices.ts'
import { createOffice } from '../../server/setup/create-office.ts'
import { openStore, type StorePlace } from '../../server/store/open.ts'
import type { Store } from '../../server/store/store.ts'
import { firstAdmin } from './office.ts'

const patience = { timeout: 120_000 }
const clients = 'client_ref,last_name\nL1,Left'
const dossiers = `number,client_ref,title,status,stage,created_on,note
L-1,L1,One,client,Client created,2026-01-01,first words
L-2,L1,Two,client,Client created,2026-01-01,other words`

/** What a node does with imports, on this store. */
function nodeOn(store: Store, place: StorePlace): ImportJobs {
  const queue = new CommandQueue({ store, offices: new Offices(store), now: Date.now, newId, onCommitted: () => {} })
  return new ImportJobs({ place, store, queue, log: createLog('silent'), now: Date.now, newId, silenceMs: 100 })
}

async function ready(node: ImportJobs, admin: Actor, file: ImportFile, text: string): Promise<ImportJob> {
  const taken = await node.take(admin, file, file, new Blob([text]).stream())
  if ('code' in taken) throw new Error(taken.code)
  const until = (state: string) => expect.poll(async () => (await node.find(admin, taken.id))?.state, patience).toBe(state)
  await until('read')
  const { guess } = (await node.find(admin, taken.id))!
  await node.check(admin, taken.id, { mapping: guess, dates: 'auto' })
  await until('checked')
  return taken
}

/** A node that dies when it comes to commit, with the texts of notes stored already: where they lie, and when it is dead. */
function dyingOn(store: Store, place: StorePlace) {
  const texts: Id[] = []
  const death = Promise.withResolvers<void>()
  let isDead = false
  const never = () => new Promise<never>(() => {})
  const dying: Store = {
    ...store,
    appendNotes: (appends) => {
      texts.push(...appends.map(({ note }) => note))
      return store.appendNotes(appends)
    },
    putUpload: (...asked) => (isDead ? never() : store.putUpload(...asked)),
    uploadRevisions: () => (isDead ? never() : store.uploadRevisions()),
    commit: () => {
      isDead = true
      death.resolve()
      return never()
    },
  }
  return { node: nodeOn(dying, place), texts, dead: death.promise }
}

/** A node dies in the middle of an import that has texts of notes; another ends it, and nobody asked for it. */
export async function endLeftImport(place: StorePlace): Promise<void> {
  const store = await openStore(place)
  const accountId = newId()
  const office = { name: 'Left', language: 'en', currency: 'EUR', timeZone: 'UTC' } as const
  const tools = { store, now: Date.now, newId }
  const officeId = await createOffice(tools, { office, admin: { ...firstAdmin, accountId }, withSample: false })
  const { memberId } = (await store.seat(accountId))!
  const admin = (await new Offices(store).actor(officeId, memberId))!

  const before = nodeOn(store, place)
  const first = await ready(before, admin, 'clients', clients)
  await before.run(admin, first.id, { faulty: 'refuse' })
  await expect.poll(async () => (await before.find(admin, first.id))?.state, patience).toBe('done')
  await before.close()
  const { node, texts, dead } = dyingOn(store, place)
  const left = await ready(node, admin, 'dossiers', dossiers)
  await node.run(admin, left.id, { faulty: 'refuse' })
  await dead
  const lengthOf = async (notes: Id[]) => [...(await store.noteLengths(officeId, notes)).values()]
  expect(await lengthOf(texts)).toEqual([1, 1])

  const other = nodeOn(store, place)
  await expect.poll(async () => (await store.upload(officeId, left.id))?.doc, patience).toContain('"state":"done"')
  const made = await store.page(officeId, 'dossier', null, 10)
  expect(made.map(({ number }) => number).toSorted()).toEqual(['L-1', 'L-2'])
  expect(await lengthOf(made.map(({ id }) => id))).toEqual([1, 1])
  expect(await lengthOf(texts)).toEqual([])
  await other.close()
  await store.close()
}
