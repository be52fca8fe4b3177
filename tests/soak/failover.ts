import { parseArgs } from 'node:util'
import { waitsOf } from './failover-goals.ts'
import { failoverStorm, troubles } from './failover-storm.ts'
import { Random } from './simulator/random.ts'

// npm run soak:failover -- --rounds 50
// --allow 3: on a machine that has other work, so many times what is asked for is not too long
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '50' }, seed: { type: 'string' }, allow: { type: 'string', default: '1' } },
})
const seed = Number(values.seed ?? Date.now() % 1_000_000)
console.log(`seed ${seed}`)
const random = new Random(seed)
// each of them in turn, then by chance
const rounds = Array.from({ length: Number(values.rounds) }, (_, i) => troubles[i] ?? random.pick(troubles))
const result = await failoverStorm({ rounds, seed, tabsEach: 3, stallMs: 60_000, say: console.log })
console.log(JSON.stringify(result))
const waits = waitsOf(result, Number(values.allow))
for (const wait of waits) console.log(JSON.stringify(wait))
process.exit(result.faults.length > 0 || waits.some(({ isLong }) => isLong) ? 1 : 0)
