import { expect, it } from 'vitest'
import { Waiting } from './waiting.ts'

it('counts what is under way, whatever comes of it, and tells how long the oldest has been', async () => {
  const waiting = new Waiting()
  expect([waiting.size, waiting.oldestSeconds]).toEqual([0, 0])
  const [first, second] = [Promise.withResolvers<number>(), Promise.withResolvers<number>()]
  const results = [waiting.during(first.promise), waiting.during(second.promise)]
  expect(waiting.size).toBe(2)
  expect(waiting.oldestSeconds).toBeGreaterThanOrEqual(0)
  first.reject(new Error('the disk is full'))
  second.resolve(7)
  await expect(results[0]).rejects.toThrow('full')
  expect(await results[1]).toBe(7)
  expect([waiting.size, waiting.oldestSeconds]).toEqual([0, 0])
})
