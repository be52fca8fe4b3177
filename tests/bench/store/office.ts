import type { Dossier } from '#shared/contracts/dossier.ts'
import type { OfficeEvent } from '#shared/contracts/events.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { newId } from '../../../server/new-id.ts'
import type { Commit, Put, Store } from '../../../server/store/store.ts'
import { largeFrame, writeLargeOffice } from '../large-office.ts'

/** An office in a store: who commands in it, and some of its dossiers. */
export interface StoredOffice {
  officeId: Id
  memberId: Id
  dossiers: Dossier[]
}

/** Writes an office of so many dossiers; the same number, the same office. */
export async function writeOffice(store: Store, dossiers: number): Promise<StoredOffice> {
  const size = { seed: dossiers, dossiers, open: Math.ceil(dossiers * 0.4), members: 40 }
  const frame = largeFrame(size)
  const officeId = frame.office.id
  await writeLargeOffice(store, frame, size, new Map())
  const some = await store.page(officeId, 'dossier', null, 10_000)
  return { officeId, memberId: frame.members[0]?.id ?? '', dossiers: some }
}

/** What so many commands that each change the amount of a dossier write together. */
export function amounts({ officeId, memberId, dossiers }: StoredOffice, expect: number, count: number): Commit {
  const changed = Array.from({ length: count }, (_, i): { event: OfficeEvent; dossier: Dossier } => {
    const n = expect + 1 + i
    const before = dossiers[n % dossiers.length]
    if (!before) throw new Error('the office has no dossiers')
    const { divisionId, ownerId, readerIds } = before
    const access = { divisionId, ownerId, readerIds }
    const subject = {
      dossierId: before.id,
      fields: { amount: [before.amount, n] as [number | null, number] },
      access: { before: access, after: access },
    }
    const event: OfficeEvent = { type: 'dossier.edited', subjects: [subject], n, at: Date.now(), by: memberId, commandId: newId() }
    return { event, dossier: { ...before, at: n, amount: n, versions: { ...before.versions, amount: n } } }
  })
  return {
    officeId,
    expect,
    events: changed.map(({ event }) => event),
    puts: changed.map(({ dossier }): Put => ({ kind: 'dossier', record: dossier })),
    answers: changed.map(({ event }) => ({
      memberId,
      commandId: event.commandId,
      hash: 'a'.repeat(64),
      at: event.at,
      answer: { ok: true, n: event.n },
    })),
    fences: [],
  }
}

/** Commits, and says where it was not done. */
export async function committed(store: Store, commit: Commit): Promise<void> {
  const { kind } = await store.commit(commit)
  if (kind !== 'done') throw new Error(`a commit was not done, but ${kind}`)
}
