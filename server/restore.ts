import { parseArgs } from 'node:util'
import { readConfig } from './config.ts'
import { nameOf, placeIn } from './keep/place.ts'
import { restore } from './keep/restore.ts'

/** `npm run restore -- FILE [--replace]`: a backup into the store of servers that do not run. */
process.umask(0o077)

try {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { replace: { type: 'boolean', default: false } } })
  const [file, ...others] = positionals
  if (!file || others.length > 0) throw new Error('Name the backup: npm run restore -- FILE [--replace]')
  const place = placeIn(readConfig(process.env))
  const { manifest, aside } = await restore({ file, to: place, replace: values.replace, say: (line) => console.log(line), now: Date.now })
  console.log(`${nameOf(place)} is as it was at ${manifest.madeAt}.`)
  if (aside) console.log(`What was there before is kept as ${aside}.`)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
