import { readConfig } from './config.ts'
import { createOfficeHelp, readNewOffice } from './setup/arguments.ts'
import { createOfficeBeside } from './setup/beside.ts'
import { run } from './setup/run.ts'

await run(createOfficeHelp, async () => {
  const wanted = readNewOffice(process.argv.slice(2), new Intl.DateTimeFormat().resolvedOptions().timeZone)
  if (!wanted) return null
  const { url } = await createOfficeBeside(readConfig(process.env), wanted)
  return `The office was made. Its admin joins with this link, within 7 days and once:\n${url}`
})
