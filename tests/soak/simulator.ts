import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'

// npm run soak:simulator -- --seeds 200 [--from 1]
const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '200' }, from: { type: 'string', default: String(Date.now() % 1_000_000) } },
})
const suite = [
  'run',
  '--config',
  'tests/vitest.config.ts',
  '--project',
  'soak',
  'tests/soak/simulator.test.ts',
  'tests/soak/mutants.test.ts',
]
const child = spawn('node_modules/.bin/vitest', suite, {
  stdio: 'inherit',
  env: { ...process.env, SIMULATOR_SEEDS: values.seeds, SIMULATOR_FROM: values.from },
})
child.on('close', (code) => {
  console.log(JSON.stringify({ seeds: Number(values.seeds), from: Number(values.from), passed: code === 0 }))
  process.exitCode = code ?? 1
})
