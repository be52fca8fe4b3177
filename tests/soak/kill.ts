import { parseArgs } from 'node:util'
import { killStorm } from './kill-storm.ts'

// npm run soak:kill -- --rounds 200
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '200' }, seed: { type: 'string' } } })
const seed = Number(values.seed ?? Date.now() % 1_000_000)
console.log(`seed ${seed}`)
const result = await killStorm({ rounds: Number(values.rounds), seed, say: console.log })
console.log(JSON.stringify(result))
process.exit(result.faults.length > 0 ? 1 : 0)
