import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { expect, it } from 'vitest'
import { openAccounts } from '../../server/auth/accounts.ts'
import { newId } from '../../server/new-id.ts'
import { openStore } from '../../server/store/open.ts'
import { password } from '../harness/office.ts'
import { describeWithMongo } from '../harness/replica-set.ts'
import { sharedSet } from './shared-set.ts'

interface Listed {
  collection: string
  index: string
  key: string
  unique: boolean
}

/** A row of the table: `| dossiers | byId | office, id, coming | yes | … |`. */
const row = /^\| `(\w+)` +\| `(\w+)` +\| ([\w, ↓]+?) +\| (yes|) *\|/

async function listedInReadme(): Promise<Listed[]> {
  const text = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
  return text.split('\n').flatMap((line) => {
    const [, collection, index, key, unique] = row.exec(line) ?? []
    return collection && index && key ? [{ collection, index, key, unique: unique === 'yes' }] : []
  })
}

/** What a first start, an account and a look for it make in a database. */
async function made(mongodbUri: string): Promise<Listed[]> {
  const place = { dataDir: await mkdtemp(join(tmpdir(), 'codossier-indexes-')), mongodbUri }
  const store = await openStore(place)
  const accounts = await openAccounts({ ...place, publicOrigin: null, isAllowedOrigin: () => false })
  await accounts.create({ email: 'ada@office.example', name: 'Ada', password })
  expect(await accounts.find('ada@office.example')).not.toBeNull()
  await Promise.all([accounts.close(), store.close(), rm(place.dataDir, { recursive: true })])
  const client = new MongoClient(mongodbUri)
  const collections = await client.db().collections()
  const found = await Promise.all(
    collections.map(async (collection) =>
      (await collection.indexes()).map(({ name = '', key, unique = false }) => ({
        collection: collection.collectionName,
        index: name,
        key: Object.entries(key as Record<string, number>)
          .map(([field, order]) => (order === -1 ? `${field} ↓` : field))
          .join(', '),
        unique,
      })),
    ),
  )
  await client.close()
  return found.flat().filter(({ index }) => index !== '_id_')
}

describeWithMongo('the indexes of a database', () => {
  it('are those that the README lists, by key and uniqueness', async () => {
    const byName = (all: Listed[]) => all.toSorted((a, b) => (`${a.collection} ${a.index}` < `${b.collection} ${b.index}` ? -1 : 1))
    const listed = await listedInReadme()
    expect(listed.length).toBeGreaterThan(20)
    expect(byName(await made(sharedSet().uri(`codossier-indexes-${newId()}`)))).toEqual(byName(listed))
  })
})
