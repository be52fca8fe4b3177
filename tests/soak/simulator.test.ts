import { expect, it } from 'vitest'
import { Hall } from '../../server/rooms/hall.ts'
import { NoteSession } from '../../src/lib/notes/note-session.ts'
import { NotesSocket } from '../../src/lib/notes/notes-socket.ts'
import { simulate } from './simulator/simulate.ts'

process.setMaxListeners(1_000)

const core = { Hall, NoteSession, NotesSocket }
const count = Number(process.env['SIMULATOR_SEEDS'] ?? 5)
const first = Number(process.env['SIMULATOR_FROM'] ?? Date.now() % 1_000_000)
const seeds = Array.from({ length: count }, (_, i) => first + i)

it.each(seeds)(
  'L3 in a simulated world, seed %i: what was saved or seen is stored, nothing is written without the right, all end alike',
  async (seed) => {
    const { violations, trace, counts } = await simulate(core, seed)
    expect(violations, `${trace.join('\n')}\nseed ${seed}`).toEqual([])
    expect(counts.appends).toBeGreaterThan(20)
  },
)

it('a seed gives the same world again', async () => {
  const [once, again] = [await simulate(core, first, 150), await simulate(core, first, 150)]
  expect(again).toEqual(once)
})
