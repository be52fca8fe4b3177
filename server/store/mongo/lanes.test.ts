import { expect, it } from 'vitest'
import { Lanes } from './lanes.ts'

it('work under one key is done one after the other, whatever becomes of it; under another key at the same time', async () => {
  const lanes = new Lanes()
  const said: string[] = []
  const gate = Promise.withResolvers<void>()
  const first = lanes.run('a', async () => {
    await gate.promise
    said.push('first')
    throw new Error('no')
  })
  const second = lanes.run('a', async () => void said.push('second'))
  await lanes.run('b', async () => void said.push('other'))
  gate.resolve()
  await expect(first).rejects.toThrow('no')
  await second
  await lanes.idle()
  expect(said).toEqual(['other', 'first', 'second'])
})
