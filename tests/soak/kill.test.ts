import { expect, it } from 'vitest'
import { killStorm } from './kill-storm.ts'

it('L3 five times kill -9 in a storm of commands and typing: nothing seen, saved or done is missing, no command has two effects', async () => {
  const seed = Date.now() % 1_000_000
  console.log(`seed ${seed}`)
  const result = await killStorm({ rounds: 5, seed })
  expect(result.faults).toEqual([])
  expect(result.done).toBeGreaterThan(50)
  expect(result.seen).toBeGreaterThan(50)
  expect(result.typed).toBeGreaterThan(100)
})
