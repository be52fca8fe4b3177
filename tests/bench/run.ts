import { comments } from './comments.ts'
import { live } from './live.ts'
import { moveIn } from './move-in.ts'
import { nodes } from './nodes.ts'
import { notes } from './notes.ts'
import { killProcesses } from './processes.ts'
import { store } from './store.ts'

/** `npm run bench -- <name> [options]`: runs the benchmark of that name. */
const benchmarks: Record<string, (args: readonly string[]) => Promise<void>> = { comments, live, 'move-in': moveIn, nodes, notes, store }

process.on('exit', killProcesses)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const [name = '', ...args] = process.argv.slice(2)
const benchmark = benchmarks[name]
try {
  if (!benchmark) throw new Error(`which one? npm run bench -- ${Object.keys(benchmarks).join(' | ')}`)
  await benchmark(args)
} catch (error) {
  console.error(error)
  process.exitCode = 1
}
// what a failed measurement left open would keep the process alive
process.exit()
