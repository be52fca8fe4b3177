import { ensureClient } from './build-client.ts'
import { readConfig } from './config.ts'
import { createLog } from './log.ts'
import { stopOnSignals } from './signals.ts'
import { startServer } from './start.ts'

const say = (line: string): void => console.log(line)

process.umask(0o077)

try {
  const config = readConfig(process.env)
  const log = createLog(config.logLevel)
  const clientDir = await ensureClient(say)
  const server = await startServer({ config, log, clientDir })
  stopOnSignals(server, log)
  server.warmUp()
  say(`Codossier runs at ${server.url}`)
  const code = server.setupCode()
  const until = config.mongodbUri === null ? ', until the next start' : ''
  if (code) say(`There is no office yet. Create yours (this link works once${until}): ${server.url}/setup#code=${code}`)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
