import { expect, it } from 'vitest'
import type { Dossier } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { words } from '#shared/domain/fold.ts'
import type { Store } from '../../../server/store/store.ts'
import type { Make } from '../contract.ts'
import { aClient, aCommit, aDossier, anOfficeIn, freshId, put } from '../samples.ts'

/** Words are found by their beginning, however they are accented, and no longer once they are gone. */
export function searchContract(make: Make): void {
  it.each([
    ['Sørensen', 'sorensen'],
    ['Sørensen', 'SØREN'],
    ['Æbeltoft', 'aebel'],
    ['Æbeltoft', 'æb'],
    ['Straße 12', 'strasse'],
    ['Strasse 12', 'straß'],
    ['Lefèbvre', 'lefe'],
    ['Łukasz Đorđe', 'dord luk'],
    ['Cœur de Lion', 'coeur lion'],
    ['İstanbul', 'istan'],
    ['e\u0301te\u0301', 'été'],
    ['Jean-Pierre', 'jean-p'],
    ['Jean-Pierre', 'pierre'],
    ['D’Hondt (notary)', 'hondt nota'],
    ['בית חדש', 'חד'],
    ['株式会社', '株式'],
    ['home 🏡', '🏡'],
    ['100 % _ * "quoted"', '% _ * "quoted'],
  ])('"%s" is found by "%s"', async (text, query) => {
    const { store } = await make()
    const client = aClient({ firstName: '', lastName: text })
    const dossier = aDossier({ title: text, clientName: 'X Y' })
    const officeId = await anOfficeIn(store, [put.client(client), put.client(aClient()), put.dossier(dossier), put.dossier(aDossier())])
    expect(await dossierIds(store, officeId, query)).toEqual([dossier.id])
    expect((await store.clients(officeId, words(query), 10)).map((found) => found.id)).toEqual([client.id])
  })

  it('a word is not found by its middle or end, nor by a word that is longer', async () => {
    const { store } = await make()
    const officeId = await anOfficeIn(store, [put.client(aClient({ lastName: 'Kuhlman' })), put.dossier(aDossier({ title: 'Kuhlman' }))])
    for (const query of ['uhlman', 'man', 'kuhlmann', 'kuhl nobody']) {
      expect(await dossierIds(store, officeId, query), query).toEqual([])
      expect(await store.clients(officeId, words(query), 10), query).toEqual([])
    }
  })

  it('a dossier is found by number, title, client and partner together, whatever the order', async () => {
    const { store } = await make()
    const fields = { number: '2026-004217', title: 'Second home', clientName: 'Gayle Kuhlman', partnerName: 'Arnulfo Peters' }
    const dossier = aDossier(fields)
    const officeId = await anOfficeIn(store, [put.dossier(dossier), put.dossier(aDossier({ clientName: 'Gayle Peters' }))])
    for (const query of ['2026-004217', '004217', 'home second', 'pet arn kuhl 2026-0042', 'gayle arnulfo']) {
      expect(await dossierIds(store, officeId, query), query).toEqual([dossier.id])
    }
  })

  it('a client is found by names, those of the present partner, and reference', async () => {
    const { store } = await make()
    const partner = { firstName: 'Arnulfo', lastName: 'Peters', birthDate: null, status: 'partner', statusDate: null } as const
    const client = aClient({ firstName: 'Gayle', lastName: 'Kuhlman', reference: 'K-0815', partner })
    const parted = aClient({ firstName: 'Ana', lastName: 'Bo', partner: { ...partner, status: 'ex' } })
    const officeId = await anOfficeIn(store, [put.client(client), put.client(parted)])
    for (const query of ['gayle', 'kuhl', 'peters arn', 'k-08', '0815 gay']) {
      expect(
        (await store.clients(officeId, words(query), 10)).map((found) => found.id),
        query,
      ).toEqual([client.id])
    }
  })

  it('what was renamed is found by its new words and no longer by its old ones', async () => {
    const { store } = await make()
    const client = aClient({ lastName: 'Kuhlman' })
    const dossier = aDossier({ title: 'Kuhlman house', clientName: 'Kuhlman Gayle' })
    const officeId = await anOfficeIn(store, [put.client(client), put.dossier(dossier)])
    const renamed = [put.client({ ...client, lastName: 'Peters' }), put.dossier({ ...dossier, title: 'Peters house', clientName: 'Bo' })]
    await store.commit(aCommit(officeId, 1, { puts: renamed }))
    expect(await dossierIds(store, officeId, 'kuhlman')).toEqual([])
    expect(await dossierIds(store, officeId, 'gayle')).toEqual([])
    expect(await dossierIds(store, officeId, 'peters house bo')).toEqual([dossier.id])
    expect(await store.clients(officeId, ['kuhlman'], 10)).toEqual([])
    expect(await store.clients(officeId, ['peters'], 10)).toHaveLength(1)
  })

  it('a client is visible by its own division or owner, or by any of its dossiers', async () => {
    const { store } = await make()
    const [divisionId, ownerId, memberId] = [freshId(), freshId(), freshId()]
    const seen: [string, Partial<Dossier> | null][] = [
      ['own', null],
      ['division', { divisionId }],
      ['owner', { ownerId }],
      ['reader', { readerIds: [freshId(), memberId] }],
    ]
    const clients = seen.map(([lastName]) => aClient({ firstName: '', lastName, divisionId: lastName === 'own' ? divisionId : null }))
    const dossiers = seen.flatMap(([, fields], i) => (fields ? [aDossier({ ...fields, clientId: clients[i]?.id ?? '' })] : []))
    const hidden = aClient({ firstName: '', lastName: 'hidden', divisionId: freshId() })
    const others = [aDossier({ clientId: hidden.id, readerIds: [freshId()] }), aDossier({ clientId: hidden.id, divisionId: freshId() })]
    const officeId = await anOfficeIn(store, [...[...clients, hidden].map(put.client), ...[...dossiers, ...others].map(put.dossier)])
    const reach = { memberId, divisionIds: [divisionId], ownerIds: [ownerId] }
    const expected = ['division', 'own', 'owner', 'reader']
    expect((await store.clients(officeId, [], 10, reach)).map((client) => client.lastName)).toEqual(expected)
    for (const name of expected) expect(await store.clients(officeId, [name.slice(0, 5)], 10, reach), name).not.toEqual([])
    expect(await store.clients(officeId, ['hidden'], 10, reach)).toEqual([])
    expect(await store.clients(officeId, [], 10, { memberId: freshId(), divisionIds: [], ownerIds: [] })).toEqual([])
  })

  it('a note is found by the beginnings of its words, those changed last first, and by its newest text alone', async () => {
    const { store } = await make()
    const [older, newer, silent] = [aDossier({ changedAt: 1_000 }), aDossier({ changedAt: 2_000 }), aDossier()]
    const officeId = await anOfficeIn(store, [older, newer, silent].map(put.dossier))
    const written = async (note: Id, epoch: number, seq: number, text: string): Promise<void> => {
      await append(store, officeId, note, seq)
      await store.putNoteTexts(officeId, [{ note: note, epoch, seq, text }])
    }
    await written(older.id, 1, 1, 'Ærø erfpacht\nuntil 2031')
    await written(newer.id, 1, 1, 'Erfpacht, bought off')
    const found = async (query: string, limit = 10) =>
      (await store.searchNotes(officeId, words(query), limit)).map(({ row, text }) => [row.id, text])
    expect(await found('ERFP')).toEqual([
      [newer.id, 'Erfpacht, bought off'],
      [older.id, 'Ærø erfpacht\nuntil 2031'],
    ])
    expect(await found('erfp', 1)).toHaveLength(1)
    expect((await found('aero 2031 erf')).map(([id]) => id)).toEqual([older.id])
    for (const query of ['pacht', 'erfpacht nobody', '']) expect(await found(query), query).toEqual([])

    await written(older.id, 1, 2, 'sold')
    // an older text that comes late, and one of an epoch that is not the note's
    await store.putNoteTexts(officeId, [{ note: older.id, epoch: 1, seq: 1, text: 'late' }])
    await store.putNoteTexts(officeId, [{ note: older.id, epoch: 2, seq: 3, text: 'elsewhere' }])
    await store.putNoteTexts(officeId, [{ note: freshId(), epoch: 1, seq: 1, text: 'nowhere' }])
    for (const query of ['late', 'elsewhere', 'nowhere']) expect(await found(query), query).toEqual([])
    expect((await found('erfpacht')).map(([id]) => id)).toEqual([newer.id])
    expect((await found('sold')).map(([id]) => id)).toEqual([older.id])
  })

  it('which notes hold more than is known of them is told, and a note that goes, or is put anew, is found no longer', async () => {
    const { store } = await make()
    const [kept, dropped, rebuilt, silent] = [aDossier(), aDossier(), aDossier(), aDossier()]
    const all = [kept, dropped, rebuilt, silent]
    const officeId = await anOfficeIn(store, all.map(put.dossier))
    const ids = all.map(({ id }) => id)
    for (const { id } of [kept, dropped, rebuilt]) await append(store, officeId, id, 1)
    expect((await store.notesUnread(officeId, ids)).toSorted()).toEqual([kept.id, dropped.id, rebuilt.id].toSorted())
    for (const { id } of [kept, dropped, rebuilt]) await store.putNoteTexts(officeId, [{ note: id, epoch: 1, seq: 1, text: 'garden' }])
    expect(await store.notesUnread(officeId, ids)).toEqual([])
    await append(store, officeId, kept.id, 2)
    expect(await store.notesUnread(officeId, ids)).toEqual([kept.id])

    await store.rebuildNote(officeId, rebuilt.id, 1, { bytes: new Uint8Array([0, 0]), vector: new Uint8Array([0]) })
    await store.commit(aCommit(officeId, 1, { drops: [{ kind: 'dossier', id: dropped.id }], fences: [dropped.id] }))
    expect((await store.searchNotes(officeId, ['garden'], 10)).map(({ row }) => row.id)).toEqual([kept.id])
    expect((await store.notesUnread(officeId, ids)).toSorted()).toEqual([kept.id, rebuilt.id].toSorted())
  })

  it('notes of dossiers that a member may not see are not found', async () => {
    const { store } = await make()
    const [divisionId, ownerId, memberId] = [freshId(), freshId(), freshId()]
    const seen = [aDossier({ divisionId }), aDossier({ ownerId, divisionId: freshId() }), aDossier({ readerIds: [memberId] })]
    const hidden = aDossier({ divisionId: freshId(), readerIds: [freshId()] })
    const officeId = await anOfficeIn(store, [...seen, hidden].map(put.dossier))
    for (const { id } of [...seen, hidden]) {
      await append(store, officeId, id, 1)
      await store.putNoteTexts(officeId, [{ note: id, epoch: 1, seq: 1, text: 'divorce' }])
    }
    const reach = { memberId, divisionIds: [divisionId], ownerIds: [ownerId] }
    expect((await store.searchNotes(officeId, ['div'], 10, reach)).map(({ row }) => row.id).toSorted()).toEqual(
      seen.map(({ id }) => id).toSorted(),
    )
    expect(await store.searchNotes(freshId(), ['div'], 10)).toEqual([])
  })
}

async function append(store: Store, officeId: Id, note: Id, seq: number): Promise<void> {
  const fence = await store.fence(officeId, note)
  const bytes = new Uint8Array([seq])
  expect(await store.appendNotes([{ officeId, note, epoch: 1, seq, fence, memberId: freshId(), at: seq, bytes }])).toEqual(['stored'])
}

async function dossierIds(store: Store, officeId: Id, query: string): Promise<Id[]> {
  const sort = { by: 'number', descending: false } as const
  return (await store.dossiers(officeId, { words: words(query) }, sort, { offset: 0, limit: 10 })).dossiers.map((dossier) => dossier.id)
}
