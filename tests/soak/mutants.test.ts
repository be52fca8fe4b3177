import { afterAll, expect, it } from 'vitest'
import { mutated, mutations, removeMutants } from './simulator/mutant.ts'
import { simulate } from './simulator/simulate.ts'

process.setMaxListeners(1_000)
afterAll(removeMutants)

const mostSeeds = 40
const isSoak = process.env['SIMULATOR_SEEDS'] !== undefined
const looked = mutations.filter(({ isRare }) => isSoak || !isRare)

it.each(looked)('the simulated world notices a core that $name', async (mutation) => {
  const core = await mutated(mutation)
  const found: string[] = []
  for (let seed = 1; seed <= mostSeeds && found.length === 0; seed++) found.push(...(await simulate(core, seed)).violations)
  expect(found).not.toEqual([])
})
