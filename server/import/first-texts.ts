import type { Id } from '#shared/contracts/ids.ts'
import type { CommandQueue } from '../commands/queue.ts'
import type { Store } from '../store/store.ts'
import { type Incoming, PutAway, readBlob } from './incoming.ts'

/** So many are looked up at once. */
const atOnce = 1_000

/** Where it stands which first texts one try of an import stored. */
const blobOf = (tries: number): Id => `texts-${tries}`

/** Says beside the file under which ids texts will lie, before they do: a node that is killed leaves none that nobody knows of. */
export async function announceTexts(store: Store, { officeId, job, work }: Incoming, ids: readonly Id[]): Promise<void> {
  if (ids.length === 0 || !work) return
  const blob = blobOf(work.tries)
  let part = 0
  while (await store.uploadPart(officeId, job.id, blob, part)) part++
  const bytes = new TextEncoder().encode(ids.map((id) => `${id}\n`).join(''))
  if (!(await store.putUploadPart(officeId, job.id, { blob, part, bytes }))) throw new PutAway()
}

/** Takes away the texts that no dossier came to. Whoever began on them must not be able to bring the dossiers any more. */
export async function dropLeftTexts(
  { store, queue, newId }: { store: Store; queue: Pick<CommandQueue, 'perform'>; newId: () => Id },
  { officeId, memberId, job }: Incoming,
  mostTries: number,
): Promise<void> {
  for (let tries = 1; tries <= mostTries; tries++) {
    const blob = new TextDecoder().decode(await readBlob(store, officeId, job.id, blobOf(tries)))
    const ids = blob.split('\n').slice(0, -1)
    if (ids.length === 0) continue
    const left = await withoutDossier((some) => store.many(officeId, 'dossier', some), ids)
    if (left.length > 0)
      await queue.perform(officeId, memberId, newId(), async ({ view }) => {
        const many = async (some: readonly Id[]) => [...(await view.many('dossier', some)).values()]
        for (const id of await withoutDossier(many, left)) view.drop('dossier', id)
        return null
      })
    await store.dropUploadBlob(officeId, job.id, blobOf(tries))
  }
}

async function withoutDossier(many: (ids: readonly Id[]) => Promise<{ id: Id }[]>, ids: readonly Id[]): Promise<Id[]> {
  const left = new Set(ids)
  for (let from = 0; from < ids.length; from += atOnce) for (const { id } of await many(ids.slice(from, from + atOnce))) left.delete(id)
  return [...left]
}
