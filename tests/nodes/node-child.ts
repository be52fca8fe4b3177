import type { Config } from '../../server/config.ts'
import { createLog } from '../../server/log.ts'
import { startServer } from '../../server/start.ts'
import { testConfig } from '../harness/office.ts'

// a node in a process of its own, so that it can be ended or stopped: node node-child.ts '{"mongodbUri": …}'
const config = JSON.parse(process.argv[2] ?? '{}') as Partial<Config>
await startServer({ config: { ...testConfig(config.dataDir ?? ''), ...config }, log: createLog('silent'), clientDir: null })
// never outlives who started it
process.once('disconnect', () => process.exit())
process.send?.('ready')
