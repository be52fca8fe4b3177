import type { Id } from '#shared/contracts/ids.ts'
import type { Frame } from '#shared/contracts/office.ts'
import type { Store } from '../store/store.ts'

/** The office's frame as the store has it, in no order. Throws where there is no such office. */
export async function frameOf(store: Store, officeId: Id): Promise<Frame> {
  const [office] = await store.all(officeId, 'office')
  if (!office) throw new Error('there is no such office')
  const [members, owners, divisions, stages] = await Promise.all([
    store.all(officeId, 'member'),
    store.all(officeId, 'owner'),
    store.all(officeId, 'division'),
    store.all(officeId, 'stage'),
  ])
  return { office, members, owners, divisions, stages }
}
