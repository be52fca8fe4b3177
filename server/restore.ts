import { parseArgs } from 'node:util'
import { readConfig } from './config.ts'
import { requireFolder } from './keep/folders.ts'
import { restore } from './keep/restore.ts'

/** `npm run restore -- FILE [--replace]`: a backup into the data folder of a server that does not run. */
process.umask(0o077)

try {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { replace: { type: 'boolean', default: false } } })
  const [file, ...others] = positionals
  if (!file || others.length > 0) throw new Error('Name the backup: npm run restore -- FILE [--replace]')
  const config = readConfig(process.env)
  requireFolder(config)
  const { dataDir } = config
  const { manifest, aside } = await restore({ file, dataDir, replace: values.replace, say: (line) => console.log(line), now: Date.now })
  console.log(`${dataDir} is as it was at ${manifest.madeAt}.`)
  if (aside) console.log(`What was there before lies in ${aside}.`)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
