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
}

async function dossierIds(store: Store, officeId: Id, query: string): Promise<Id[]> {
  const sort = { by: 'number', descending: false } as const
  return (await store.dossiers(officeId, { words: words(query) }, sort, { offset: 0, limit: 10 })).dossiers.map((dossier) => dossier.id)
}
