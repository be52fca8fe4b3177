import { createLog } from '../../server/log.ts'
import { startServer } from '../../server/start.ts'
import { testConfig } from '../harness/office.ts'

// a real server in a process of its own, so that it can be killed: node server-child.ts <data folder> <port>
const [dataDir = '', port = '0'] = process.argv.slice(2)
await startServer({ config: { ...testConfig(dataDir), port: Number(port) }, log: createLog('silent'), clientDir: null })
// never outlives who started it
process.once('disconnect', () => process.exit())
process.send?.('ready')
