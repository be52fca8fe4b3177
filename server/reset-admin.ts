import { readConfig } from './config.ts'
import { readAdminAddress, resetAdminHelp } from './setup/arguments.ts'
import { resetAdminBeside } from './setup/beside.ts'
import { run } from './setup/run.ts'

await run(resetAdminHelp, async () => {
  const email = readAdminAddress(process.argv.slice(2))
  if (!email) return null
  const { url, purpose } = await resetAdminBeside(readConfig(process.env), email)
  return purpose === 'reset'
    ? `With this link a new password can be set, within 1 hour and once; it ends all sessions:\n${url}`
    : `This admin has not joined yet. With this link they can, within 7 days and once:\n${url}`
})
