import type { Id } from '#shared/contracts/ids.ts'
import type { DossierFilter, Store } from '../../../server/store/store.ts'

/** What to ask about, beyond the office. */
export interface Asked {
  memberId: Id
  commandIds: readonly Id[]
  dossierIds: readonly Id[]
  clientIds: readonly Id[]
  notes: readonly Id[]
  /** Folded. */
  words: readonly string[]
  reach: NonNullable<DossierFilter['reach']>
}

const byNumber = { by: 'number', descending: false } as const
const firstPage = { offset: 0, limit: 100 }

/** What every reading method answers for an office. Two of these are equal exactly when nothing that anybody can see has changed. */
export async function everything(store: Store, officeId: Id, asked: Asked) {
  const each = <T, R>(of: readonly T[], ask: (one: T) => Promise<R>) => Promise.all(of.map(ask))
  return {
    number: await store.number(officeId),
    office: await store.get(officeId, 'office', officeId),
    all: {
      offices: await store.all(officeId, 'office'),
      members: await store.all(officeId, 'member'),
      owners: await store.all(officeId, 'owner'),
      divisions: await store.all(officeId, 'division'),
      stages: await store.all(officeId, 'stage'),
      counters: await store.all(officeId, 'counter'),
    },
    dossiers: await each(asked.dossierIds, (id) => store.get(officeId, 'dossier', id)),
    clients: await each(asked.clientIds, (id) => store.get(officeId, 'client', id)),
    answers: await each(asked.commandIds, (id) => store.answer(officeId, asked.memberId, id)),
    answersAtOnce: await store.answers(
      officeId,
      asked.commandIds.map((commandId) => ({ memberId: asked.memberId, commandId })),
    ),
    events: await store.events(officeId, 0, 1_000),
    eventsOf: await each(asked.commandIds, (id) => store.eventsOf(officeId, asked.memberId, id)),
    history: await each(asked.dossierIds, (id) => store.history(officeId, id, 100)),
    list: await store.dossiers(officeId, {}, byNumber, firstPage),
    found: await each(asked.words, (word) => store.dossiers(officeId, { words: [word] }, byNumber, firstPage)),
    rows: await store.rows(officeId),
    rowsOf: await store.rowsOf(officeId, asked.dossierIds),
    rowsBeside: await store.rowsBeside(officeId, asked.reach),
    counts: await store.boardCounts(officeId, {}),
    clientsFound: await each(asked.words, (word) => store.clients(officeId, [word], 100)),
    clientsInReach: [
      await store.clients(officeId, [], 100, asked.reach),
      ...(await each(asked.words, (word) => store.clients(officeId, [word], 100, asked.reach))),
    ],
    comments: await each(asked.dossierIds, (id) => store.comments(officeId, id)),
    mentions: await store.mentionsOf(officeId, asked.memberId),
    notes: await each(asked.notes, (note) => store.note(officeId, note)),
    fences: await each(asked.notes, (note) => store.fence(officeId, note)),
    copyKeys: await store.copyKeys(officeId, {}),
    uploads: await store.uploads(officeId),
    granted: await each(asked.notes, (note) => store.clientsOf(officeId, note, asked.memberId)),
  }
}
