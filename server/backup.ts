import { parseArgs } from 'node:util'
import { readConfig } from './config.ts'
import { backUp, megabytes } from './keep/backup.ts'
import { placeIn } from './keep/place.ts'

/** `npm run backup -- FILE`: the store in one file, also while servers run on it. */
process.umask(0o077)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

try {
  const { positionals } = parseArgs({ allowPositionals: true })
  const [file, ...others] = positionals
  if (!file || others.length > 0) throw new Error('Name the file to write: npm run backup -- FILE')
  const place = placeIn(readConfig(process.env))
  const { offices, parts } = await backUp({ from: place, file, say: (line) => console.log(line), now: Date.now })
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0)
  console.log(`${file} holds ${offices.length === 1 ? 'one office' : `${offices.length} offices`}, ${megabytes(bytes)} unpacked.`)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
