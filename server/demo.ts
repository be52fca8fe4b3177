import { parseArgs } from 'node:util'
import { ensureClient } from './build-client.ts'
import { readConfig } from './config.ts'
import { demoOfOne } from './demo/one-node.ts'

/** `npm run demo [-- --nodes 2]`: the sample office on a throw-away folder, or on a replica set that several servers share. */
const say = (line: string): void => console.log(line)
const mostNodes = 5

process.umask(0o077)

try {
  const { values } = parseArgs({ options: { nodes: { type: 'string', default: '1' } } })
  const nodes = Number(values.nodes)
  if (!(Number.isInteger(nodes) && nodes >= 1 && nodes <= mostNodes)) throw new Error(`--nodes is a number from 1 to ${mostNodes}`)
  const config = readConfig({ ...process.env, PUBLIC_URL: '', LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn' })
  const clientDir = await ensureClient(say)
  if (nodes === 1) await demoOfOne(config, clientDir)
  else await (await import('./demo/many-nodes.ts')).demoOfMany(nodes, config, process.env, say)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
