import { expect, it } from 'vitest'
import { killStorm } from './kill-storm.ts'

it('L3 three times kill -9 while 20 tabs write 10 notes and send commands: nothing seen, saved or done is missing, nothing is done twice, and all end alike', async () => {
  const seed = Date.now() % 1_000_000
  console.log(`seed ${seed}`)
  const { faults, ...counts } = await killStorm({ rounds: 3, seed })
  console.log(JSON.stringify(counts))
  expect(faults).toEqual([])
  expect(counts.done).toBeGreaterThan(50)
  expect(counts.seen).toBeGreaterThan(50)
  expect(counts.typed).toBeGreaterThan(100)
})
