import { expect, it } from 'vitest'
import { fuzz } from './fuzz.ts'

it('L3 20,000 frames that are wrong in every way: nothing breaks, every note can be read as it is stored, memory is given back', async () => {
  const seed = Date.now() % 1_000_000
  console.log(`seed ${seed}`)
  const { faults, refused, appended, memory, waitMs } = await fuzz({ frames: 20_000, seed })
  console.log(
    `${refused} refused, ${appended} stored; a letter nearby took ${waitMs.median.toFixed(1)} ms, at most ${waitMs.longest.toFixed(1)} ms`,
  )
  expect(faults).toEqual([])
  expect(Math.min(refused, appended, waitMs.typed)).toBeGreaterThan(100)
  expect(memory.after).toBeLessThan(memory.before * 1.1)
}, 200_000)
