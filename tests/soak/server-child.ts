import { createLog } from '../../server/log.ts'
import { stopOnSignals } from '../../server/signals.ts'
import { startServer } from '../../server/start.ts'
import { testConfig } from '../harness/office.ts'

// a real server in a process of its own, so that it can be ended: node server-child.ts <data folder> <port> <drain ms>
const [dataDir = '', port = '0', drainMs = '0'] = process.argv.slice(2)
const log = createLog('silent')
const config = { ...testConfig(dataDir), port: Number(port), drainMs: Number(drainMs) }
stopOnSignals(await startServer({ config, log, clientDir: null }), log)
// never outlives who started it
process.once('disconnect', () => process.exit())
process.send?.('ready')
