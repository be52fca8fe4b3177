import { type HandedCopyKey, mostKeysAsked, type Standing } from '#shared/contracts/copies.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { CopiesDb, HeldKey } from './copies-db.ts'
import { importKey } from './sealing.ts'

/** POSTs JSON; throws where there is no answer, or none of success. */
export type Post = <T>(path: string, body: object) => Promise<T>

/** What this browser calls itself when it asks for keys; the same until everything is erased. */
export async function deviceId(db: CopiesDb, newId: () => Id): Promise<Id> {
  const self = db.transaction('self', 'readwrite').store
  const known = await self.get('device')
  if (known) return known
  const device = newId()
  await self.put(device, 'device')
  return device
}

/** The key for this dossier, from the server; throws where there is no answer, or no right. */
export async function fetchKey(post: Post, device: Id, dossierId: Id, now: number): Promise<HeldKey> {
  const { officeId, memberId, id, secret } = await post<HandedCopyKey>(`/api/v1/dossiers/${dossierId}/copy`, { device })
  return { dossierId, officeId, memberId, id, key: await importKey(secret), at: now }
}

/** Which of these keys the server has withdrawn. Throws where it cannot be asked. */
export async function withdrawnKeys(post: Post, device: Id, keys: readonly HeldKey[]): Promise<HeldKey[]> {
  const withdrawn: HeldKey[] = []
  for (const [, own] of Map.groupBy(keys, ({ officeId, memberId }) => `${officeId}/${memberId}`)) {
    for (let from = 0; from < own.length; from += mostKeysAsked) {
      const some = own.slice(from, from + mostKeysAsked)
      const { officeId, memberId } = some[0]!
      const { standing } = await post<Standing>('/api/v1/copies/standing', { officeId, memberId, device, keys: some.map(({ id }) => id) })
      withdrawn.push(...some.filter(({ id }) => !standing.includes(id)))
    }
  }
  return withdrawn
}
