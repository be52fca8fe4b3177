import { live } from './live.ts'
import { killServers } from './server-process.ts'

/** `npm run bench -- <name> [options]`: runs the benchmarks of that name. */
const benchmarks: Record<string, (args: readonly string[]) => Promise<void>> = { live }

const [name = '', ...args] = process.argv.slice(2)
const benchmark = benchmarks[name]
try {
  if (!benchmark) throw new Error(`which one? npm run bench -- ${Object.keys(benchmarks).join(' | ')}`)
  await benchmark(args)
} catch (error) {
  console.error(error)
  process.exitCode = 1
} finally {
  killServers()
}
// what a failed measurement left open would keep the process alive
process.exit()
