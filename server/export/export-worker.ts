import { parentPort, workerData } from 'node:worker_threads'
import { can } from '#shared/domain/access.ts'
import { words } from '#shared/domain/fold.ts'
import type { Dossier } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { openStore, type StorePlace } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { exportColumns } from './columns.ts'
import { csvFile } from './csv.ts'
import type { ExportJob } from './exporter.ts'
import { xlsxFile } from './xlsx.ts'

/** A sheet of a spreadsheet holds 1,048,576 rows. */
const mostRows = 1_000_000

// one thread an export: it has a read-only connection of its own, and what it needed is given back when it ends
const { place, job } = workerData as { place: StorePlace; job: ExportJob }
const store = await openStore(place, { readOnly: true })
const dossiers = await dossiersOf(store, job)
const columns = exportColumns(job.frame, await referencesOf(store, job, dossiers))
await store.close()
const file = job.asked.format === 'csv' ? csvFile(columns, dossiers) : await xlsxFile(columns, dossiers)
// a copy of its own: small buffers are cut from a shared one, which cannot be handed over
const bytes = new Uint8Array(file)
parentPort?.postMessage(bytes, [bytes.buffer])

/** What was asked for, as far as the actor may see it. */
async function dossiersOf(store: Store, { actor, asked }: ExportJob): Promise<Dossier[]> {
  if (asked.ids) {
    const found = new Map((await store.many(actor.officeId, 'dossier', asked.ids)).map((dossier) => [dossier.id, dossier]))
    return [...new Set(asked.ids)].flatMap((id) => {
      const dossier = found.get(id)
      return dossier && can(actor, 'dossier.read', dossier) ? [dossier] : []
    })
  }
  const { status, owner, division, stage, search, sort, descending } = asked
  const filter = {
    ...(status && { status }),
    ...(owner && { ownerId: owner === 'none' ? null : owner }),
    ...(division && { divisionId: division === 'none' ? null : division }),
    ...(stage && { stageId: stage }),
    ...(search && { words: words(search) }),
    ...(!actor.seesAll && { reach: actor }),
  }
  const whole = { offset: 0, limit: mostRows }
  return (await store.dossiers(actor.officeId, filter, { by: sort, descending }, whole)).dossiers
}

async function referencesOf(store: Store, { actor }: ExportJob, dossiers: readonly Dossier[]): Promise<Map<Id, string>> {
  const clients = await store.many(
    actor.officeId,
    'client',
    dossiers.map(({ clientId }) => clientId),
  )
  return new Map(clients.flatMap(({ id, reference }) => (reference ? [[id, reference]] : [])))
}
