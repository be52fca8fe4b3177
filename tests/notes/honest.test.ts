import { expect, it } from 'vitest'
import { writeHonestly } from './honest.ts'

it('S4.15 three people write 10,000 updates with the real editor, lines break, one is offline, 200 KB are pasted: nothing is refused, all end with the same text', async () => {
  const seed = Date.now() % 1_000_000
  console.log(`seed ${seed}`)
  const result = await writeHonestly({ updates: 10_000, seed })
  expect(result).toMatchObject({ refused: [], thrown: [], texts: 1 })
  expect(result.updates).toBeGreaterThanOrEqual(10_000)
  expect(result.cuts).toBeGreaterThan(20)
  expect(result.offline).toBeGreaterThan(1)
}, 400_000)
