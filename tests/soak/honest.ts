import { parseArgs } from 'node:util'
import { writeHonestly } from '../notes/honest.ts'

// npm run soak:honest -- --updates 100000
const { values } = parseArgs({ options: { updates: { type: 'string', default: '100000' }, seed: { type: 'string' } } })
const seed = Number(values.seed ?? Date.now() % 1_000_000)
console.log(`seed ${seed}`)
const result = await writeHonestly({ updates: Number(values.updates), seed, say: console.log })
console.log(JSON.stringify(result))
process.exit(result.refused.length + result.thrown.length > 0 || result.texts !== 1 ? 1 : 0)
