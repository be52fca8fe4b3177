import { DatabaseSync } from 'node:sqlite'
import { Database } from '@hocuspocus/extension-database'
import { Server } from '@hocuspocus/server'
import { serveBenchmark } from './watch.ts'

/** The leading Yjs server with its own defaults. Arguments: the file of its database (none: it stores nothing), the port (0: any free). */
const [path = '', port = '0'] = process.argv.slice(2)

/** What `@hocuspocus/extension-sqlite` does, with the SQLite that Node has: the extension's own is compiled on installation. */
function sqliteExtension(file: string): Database {
  const db = new DatabaseSync(file)
  db.exec('CREATE TABLE IF NOT EXISTS "documents" ("name" varchar(255) NOT NULL, "data" blob NOT NULL, UNIQUE(name))')
  const select = db.prepare('SELECT data FROM "documents" WHERE name = ? ORDER BY rowid DESC')
  const upsert = db.prepare('INSERT INTO "documents" ("name", "data") VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET data = excluded.data')
  return new Database({
    fetch: async ({ documentName }) => (select.get(documentName)?.['data'] as Uint8Array | undefined) ?? null,
    store: async ({ documentName, state }) => void upsert.run(documentName, state),
  })
}

const server = new Server({
  port: Number(port),
  address: '127.0.0.1',
  quiet: true,
  stopOnSignals: false,
  extensions: path ? [sqliteExtension(path)] : [],
})
await server.listen()
serveBenchmark(server.address.port, async () => server.destroy())
