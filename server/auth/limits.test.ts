import { describe, expect, it } from 'vitest'
import { Limit, networkOf } from './limits.ts'

const minute = 60_000
/** How many of so many attempts are let through. */
const passed = (limit: Limit, key: string, attempts: number) =>
  Array.from({ length: attempts }, () => limit.take(key)).filter((taken) => 'giveBack' in taken).length

describe('five attempts a minute', () => {
  it('are five at once, and one more every twelve seconds', () => {
    let now = 1_000
    const limit = new Limit(5, () => now)
    expect(passed(limit, 'ana', 9)).toBe(5)
    expect(limit.take('ana')).toEqual({ waitSeconds: 12 })
    now += 11_999
    expect(limit.take('ana')).toEqual({ waitSeconds: 1 })
    now += 1
    expect(passed(limit, 'ana', 9)).toBe(1)
    now += 10 * minute
    expect(passed(limit, 'ana', 9)).toBe(5)
  })

  it('are each one’s own', () => {
    const limit = new Limit(5, () => 0)
    expect([passed(limit, 'ana', 9), passed(limit, 'bo', 9)]).toEqual([5, 5])
  })

  it('do not count what is given back', () => {
    const limit = new Limit(5, () => 0)
    for (let i = 0; i < 20; i++) {
      const taken = limit.take('ana')
      if ('giveBack' in taken) taken.giveBack()
    }
    expect(passed(limit, 'ana', 9)).toBe(5)
  })

  it('do not come back when the clock is set back', () => {
    let now = minute
    const limit = new Limit(5, () => now)
    passed(limit, 'ana', 5)
    now = 0
    expect(passed(limit, 'ana', 1)).toBe(0)
  })
})

it('keys are forgotten once they are as good as new, and there are never more than the most', () => {
  let now = 0
  const limit = new Limit(5, () => now, 3)
  for (const key of ['a', 'b', 'c']) limit.take(key)
  now += minute
  limit.take('d')
  expect(limit.size).toBe(1)
  for (const key of ['e', 'f', 'g', 'h']) limit.take(key)
  expect(limit.size).toBe(3)
})

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:0DB8:0001:0002:ffff::1', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['what a proxy wrote', 'what a proxy wrote'],
])('%s is of the network %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})
