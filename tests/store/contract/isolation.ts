import { expect, it } from 'vitest'
import type { Id } from '#shared/contracts/ids.ts'
import type { Put, Store } from '../../../server/store/store.ts'
import type { Make } from '../contract.ts'
import {
  aClient,
  aCommit,
  aDossier,
  aMember,
  aCopyKey,
  anAnswer,
  anAppend,
  anUpload,
  anEdit,
  anOfficeIn,
  aStage,
  freshId,
  put,
  someone,
} from '../samples.ts'
import { everything } from './everything.ts'

/** Nothing crosses offices, even where every id is the same. */
export function isolationContract(make: Make): void {
  it('two offices with the same ids everywhere each read their own, by every method', async () => {
    const { store } = await make()
    const ids = someIds()
    const first = await filled(store, ids, 'north!')
    const alone = await everything(store, first, askedOf(ids))
    const second = await filled(store, ids, 'south!')
    expect(await everything(store, first, askedOf(ids))).toEqual(alone)
    const other = await everything(store, second, askedOf(ids))
    expect(other).not.toEqual(alone)
    expect(alone.clientsInReach.map((found) => found.length)).toEqual([1, 1, 1, 0])
    expect(other.clientsInReach).toEqual([[], [], [], []])
    expect(JSON.stringify(other)).not.toContain('north!')
    expect(JSON.stringify(alone)).not.toContain('south!')
    expect((await store.offices()).sort()).toEqual([first, second].sort())
  })

  it('what changes in one office changes nothing in the other', async () => {
    const { store } = await make()
    const ids = someIds()
    const [first, second] = [await filled(store, ids, 'north!'), await filled(store, ids, 'south!')]
    const before = await everything(store, second, askedOf(ids))
    await store.commit(
      aCommit(first, 2, {
        events: [anEdit(3, [ids.dossier])],
        puts: [put.dossier(aDossier({ id: ids.dossier, title: 'changed' })), put.client(aClient({ id: ids.client, lastName: 'changed' }))],
        answers: [anAnswer()],
        fences: 'all',
      }),
    )
    await store.appendNotes([anAppend(first, ids.dossier, 2, { fence: await store.fence(first, ids.dossier) })])
    await store.grantClient(first, ids.dossier, someone)
    await store.dropCopyKeys(first, {})
    expect(await everything(store, second, askedOf(ids))).toEqual(before)
  })

  it('an office that does not exist has nothing', async () => {
    const { store } = await make()
    const ids = someIds()
    await filled(store, ids, 'north!')
    const nowhere = await everything(store, freshId(), askedOf(ids))
    expect(nowhere).toEqual({
      number: 0,
      office: null,
      all: { offices: [], members: [], owners: [], divisions: [], stages: [], counters: [] },
      dossiers: [null],
      clients: [null],
      answers: [null],
      answersAtOnce: [],
      events: [],
      eventsOf: [[]],
      history: [[]],
      list: { total: 0, dossiers: [] },
      rowsBeside: [],
      found: Array(3).fill({ total: 0, dossiers: [] }),
      rows: { at: 0, rows: [] },
      rowsOf: [],
      counts: [],
      clientsFound: [[], [], []],
      clientsInReach: [[], [], [], []],
      notes: [{ epoch: 1, snapshot: null, updates: [] }],
      fences: [0],
      copyKeys: [],
      uploads: [],
      comments: [[]],
      mentions: [],
      granted: [[]],
    })
  })
}

type Ids = ReturnType<typeof someIds>

function someIds() {
  return {
    dossier: freshId(),
    client: freshId(),
    member: freshId(),
    owner: freshId(),
    division: freshId(),
    stage: freshId(),
    command: freshId(),
  }
}

function askedOf(ids: Ids) {
  return {
    memberId: someone,
    commandIds: [ids.command],
    dossierIds: [ids.dossier],
    clientIds: [ids.client],
    notes: [ids.dossier],
    words: ['shared', 'north', 'south'],
    reach: { memberId: someone, divisionIds: [ids.division], ownerIds: [] },
  }
}

/** An office at number 2 whose every record says which office it is of. */
async function filled(store: Store, ids: Ids, name: string): Promise<Id> {
  const text = `shared ${name}`
  const isNorth = name === 'north!'
  const puts: Put[] = [
    put.dossier(
      aDossier({ id: ids.dossier, title: text, number: 'shared-1', clientId: ids.client, divisionId: isNorth ? ids.division : null }),
    ),
    put.client(aClient({ id: ids.client, lastName: text })),
    put.member(aMember({ id: ids.member, name: text })),
    { kind: 'owner', record: { id: ids.owner, name: text, memberId: null, divisionIds: [] } },
    { kind: 'division', record: { id: ids.division, name: text } },
    { kind: 'stage', record: { ...aStage(1), id: ids.stage, names: { en: text } } },
    { kind: 'counter', record: { id: 'dossierNumber-2026', next: name.length } },
  ]
  const officeId = await anOfficeIn(store, puts)
  const answer = anAnswer({ commandId: ids.command, hash: text })
  const raises = isNorth ? 'all' : []
  await store.commit(
    aCommit(officeId, 1, { events: [anEdit(2, [ids.dossier], { commandId: ids.command })], answers: [answer], fences: raises }),
  )
  const fence = await store.fence(officeId, ids.dossier)
  await store.appendNotes([anAppend(officeId, ids.dossier, 1, { fence, bytes: new TextEncoder().encode(text) })])
  for (const _ of isNorth ? [1, 2, 3] : [1]) await store.grantClient(officeId, ids.dossier, someone)
  await store.keepCopyKey(officeId, aCopyKey({ dossierId: ids.dossier, session: text }))
  await store.putUpload(officeId, anUpload({ doc: text }))
  return officeId
}
