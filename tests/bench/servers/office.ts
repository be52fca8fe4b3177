import { createLog } from '../../../server/log.ts'
import { startServer } from '../../../server/start.ts'
import { serveBenchmark } from './watch.ts'

/** The product's own server, on a prepared office. Arguments: its folder, the port (0: any free), the client's folder, the database of nodes. */
const [dataDir = '', port = '0', clientDir = '', mongodbUri = ''] = process.argv.slice(2)

const server = await startServer({
  config: {
    port: Number(port),
    host: '127.0.0.1',
    dataDir,
    mongodbUri: mongodbUri || null,
    publicOrigin: null,
    trustProxy: false,
    metricsToken: null,
    drainMs: 0,
    logLevel: 'error',
  },
  log: createLog('error'),
  clientDir: clientDir || null,
})
server.warmUp()
serveBenchmark(server.port, () => server.close())
