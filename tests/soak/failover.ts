import { parseArgs } from 'node:util'
import { failoverStorm, troubles } from './failover-storm.ts'
import { Random } from './simulator/random.ts'

// npm run soak:failover -- --rounds 50
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '50' }, seed: { type: 'string' } } })
const seed = Number(values.seed ?? Date.now() % 1_000_000)
console.log(`seed ${seed}`)
const random = new Random(seed)
// each of them in turn, then by chance
const rounds = Array.from({ length: Number(values.rounds) }, (_, i) => troubles[i] ?? random.pick(troubles))
const result = await failoverStorm({ rounds, seed, tabsEach: 3, stallMs: 60_000, say: console.log })
console.log(JSON.stringify(result))
process.exit(result.faults.length > 0 ? 1 : 0)
