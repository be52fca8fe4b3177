import { parseArgs } from 'node:util'
import { fuzz } from '../notes/fuzz.ts'

// npm run soak:fuzz -- --frames 1000000
const { values } = parseArgs({ options: { frames: { type: 'string', default: '1000000' }, seed: { type: 'string' } } })
const seed = Number(values.seed ?? Date.now() % 1_000_000)
console.log(`seed ${seed}`)
const result = await fuzz({ frames: Number(values.frames), seed, say: console.log })
console.log(JSON.stringify(result))
const { faults, memory, waitMs } = result
process.exit(faults.length > 0 || memory.after > memory.before * 1.1 || waitMs.busy > 100 ? 1 : 0)
