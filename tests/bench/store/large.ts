import type { OfficeEvent } from '#shared/contracts/events.ts'
import { newId } from '../../../server/new-id.ts'
import type { Put, Store } from '../../../server/store/store.ts'
import type { Bench } from '../bench.ts'
import { timed, withBoth } from './adapters.ts'
import { committed, type StoredOffice, writeOffice } from './office.ts'

/** An office of 50,000 dossiers is opened, and 10,000 of them change owner in one commit. */
export async function large(bench: Bench): Promise<void> {
  const [size, many] = bench.options.quick ? [5_000, 3_000] : [50_000, 10_000]
  const named = (count: number) => count.toLocaleString('en')
  await withBoth(bench, async (adapters) => {
    for (const { name, store } of adapters) {
      const office = await writeOffice(store, size)
      for (let round = 0; bench.hasTimeFor(round); round++) {
        bench.figures.ours(`opening snapshot of ${named(size)} dossiers, ${name} (ms)`, await timed(() => store.rows(office.officeId)))
        bench.figures.ours(`commit of ${named(many)} dossiers, ${name} (ms)`, await timed(() => changeOwners(store, office, many)))
      }
    }
  })
}

async function changeOwners(store: Store, { officeId, memberId, dossiers }: StoredOffice, many: number): Promise<void> {
  const expect = await store.number(officeId)
  const n = expect + 1
  const ownerId = newId()
  const changed = dossiers.slice(0, many)
  const subjects = changed.map(({ id: dossierId, divisionId, ownerId: before, readerIds }) => {
    const access = { divisionId, ownerId: before, readerIds }
    return {
      dossierId,
      fields: { ownerId: [before, ownerId] as [string | null, string] },
      access: { before: access, after: { ...access, ownerId } },
    }
  })
  const event: OfficeEvent = { type: 'dossier.ownerChanged', subjects, n, at: Date.now(), by: memberId, commandId: newId() }
  const puts = changed.map((dossier): Put => ({ kind: 'dossier', record: { ...dossier, at: n, ownerId } }))
  await committed(store, { officeId, expect, events: [event], puts, answers: [], fences: 'all' })
}
