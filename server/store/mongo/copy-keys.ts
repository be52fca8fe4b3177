import type { Filter } from 'mongodb'
import type { Id } from '#shared/contracts/ids.ts'
import type { CopyKey, CopyKeyFilter } from '../store.ts'
import type { Collections, CopyKeyDoc } from './collections.ts'
import { owned } from './notes.ts'
import { inSlices } from './slices.ts'

/** Keys under which browsers keep copies of dossiers. */
export function copyKeyTable({ copyKeys }: Collections) {
  return {
    async keep(office: Id, key: CopyKey): Promise<CopyKey> {
      const { session, at, ...made } = copyKeyDocument(office, key)
      const { member, device, dossier, id, secret } = made
      const kept = await copyKeys.findOneAndUpdate(
        { office, member, device, dossier },
        { $set: { session, at }, $setOnInsert: { id, secret } },
        { upsert: true, returnDocument: 'after' },
      )
      if (!kept) throw new Error('no key was kept')
      return copyKeyOf(kept)
    },
    find: async (office: Id, filter: CopyKeyFilter): Promise<CopyKey[]> =>
      (await each(filter, (ids) => copyKeys.find(condition(office, filter, ids), { hint: hintOf(filter) }).toArray())).map(copyKeyOf),
    async drop(office: Id, filter: CopyKeyFilter): Promise<number> {
      const dropped = await each(filter, async (ids) => [
        (await copyKeys.deleteMany(condition(office, filter, ids), { hint: hintOf(filter) })).deletedCount,
      ])
      return dropped.reduce((sum, count) => sum + count, 0)
    },
  }
}

/** A slice of the dossiers at a time; once where none are named. */
function each<R>({ dossierIds }: CopyKeyFilter, ask: (ids?: string[]) => Promise<R[]>): Promise<R[]> {
  return dossierIds ? inSlices(dossierIds, ask) : ask()
}

function condition(office: Id, { memberId, device, sessions, before }: CopyKeyFilter, ids?: string[]): Filter<CopyKeyDoc> {
  return {
    office,
    ...(memberId !== undefined && { member: memberId }),
    ...(device !== undefined && { device }),
    ...(ids && { dossier: { $in: ids } }),
    ...(sessions && { session: { $in: [...sessions] } }),
    ...(before !== undefined && { at: { $lt: before } }),
  }
}

function hintOf({ memberId, dossierIds }: CopyKeyFilter): 'byDevice' | 'byDossier' {
  return memberId === undefined && dossierIds ? 'byDossier' : 'byDevice'
}

export function copyKeyDocument(office: Id, { memberId, device, dossierId, id, secret, session, at }: CopyKey): CopyKeyDoc {
  return { office, member: memberId, device, dossier: dossierId, id, secret, session, at }
}

export function copyKeyOf({ member, device, dossier, id, secret, session, at }: CopyKeyDoc): CopyKey {
  return { memberId: member, device, dossierId: dossier, id, secret: owned(secret), session, at }
}
