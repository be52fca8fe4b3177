import { type Db, ObjectId } from 'mongodb'
import type { Section } from '../store/contents.ts'
import { type AccountRow, type AccountSections, accountTables, inOrder, rowOf } from './account-contents.ts'

const moments = new Set(['createdAt', 'updatedAt', 'expiresAt', 'accessTokenExpiresAt', 'refreshTokenExpiresAt'])

/** The accounts in a database that nodes share; `moment`: the options of reads that see one moment of it. */
export function accountsInDatabase(db: Db, moment: object = {}): AccountSections {
  const sections = accountTables.map((name) => [name, sectionOfCollection(db, name, moment)] as const)
  return Object.fromEntries(sections) as AccountSections
}

function sectionOfCollection(db: Db, name: string, moment: object): Section<AccountRow> {
  const collection = db.collection<{ _id: string | ObjectId }>(name)
  return {
    count: () => collection.estimatedDocumentCount(),
    async *read() {
      const found = await collection.find({ _id: { $exists: true } }, { hint: '_id_', ...moment }).toArray()
      yield* inOrder(found.map(({ _id, ...fields }) => rowOf([['id', _id], ...Object.entries(fields)])))
    },
    async write(rows) {
      const writes = rows.map(({ id, ...fields }) => {
        const replacement = Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, stored(field, value)]))
        return { replaceOne: { filter: { _id: keyOf(id) }, replacement, upsert: true } }
      })
      await collection.bulkWrite(writes)
    },
    last: async () => null,
  }
}

/** As the library's adapter stores and looks for it. */
function stored(field: string, value: string | boolean): unknown {
  if (typeof value === 'boolean') return value
  if (moments.has(field)) return new Date(value)
  return field === 'userId' ? keyOf(value) : value
}

function keyOf(id: string): string | ObjectId {
  return /^[0-9a-f]{24}$/.test(id) ? new ObjectId(id) : id
}
