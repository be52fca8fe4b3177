import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { noteSchema } from '#shared/contracts/notes-wire.ts'
import { createLog, type Log } from '../../server/log.ts'
import { Ground } from '../../server/rooms/ground.ts'
import { createNoteDocument } from '../../server/rooms/note-document.ts'
import { judgeUpdate } from '../../server/rooms/validator.ts'
import { diceFrom, oneOf } from './dice.ts'
import { forgeries, type Forgery, type Scene } from './forgeries.ts'
import { ana, bo, noteA, noteB, officeId, TestOffice, vic } from './office.ts'
import type { Tab, Writer } from './tab.ts'
import { writeVictimNote } from './victim-note.ts'

const seed = Date.now() % 1_000_000
const [variants, throughTheSocket] = [500, 25]

const events: { code: number; memberId: string; event: string }[] = []
let office: TestOffice
let victim: Writer
let scene: Scene
let intruder: Tab

beforeAll(async () => {
  console.log(`seed ${seed}`)
  const log: Log = Object.assign(createLog('silent'), { warn: (fields: (typeof events)[number]) => void events.push(fields) })
  office = await TestOffice.start({ log })
  const elsewhere = await office.grant(bo, noteB)
  const [left, own, colleague] = [await office.grant(ana, noteA), await office.grant(bo, noteA), await office.grant(vic, noteA)]
  victim = await office.tab(ana).open(noteA)
  writeVictimNote(victim.doc)
  await victim.allSaved()
  const foreign = [victim.open.clientId, left.clientId, colleague.clientId, 1, 1_000_000, 2 ** 40, 2 ** 31 - 1]
  if (elsewhere.clientId !== own.clientId) foreign.push(elsewhere.clientId)
  scene = { doc: victim.doc, own: own.clientId, victim: victim.open.clientId, foreign }
  intruder = office.tab(bo)
})
afterAll(() => office.close())

/** Sends each through a channel of its own; returns the codes that they were closed with. */
function closings(frames: readonly Uint8Array[]): Promise<number[]> {
  return Promise.all(
    frames.map(async (bytes, i) => {
      const raw = intruder.raw({ note: noteA, epoch: 1, schema: noteSchema, clientId: scene.own })
      await raw.isOpen
      raw.sync(i % 2 === 0 ? 2 : 1, bytes)
      return raw.closed
    }),
  )
}

describe('L3 what honest editors never send is refused, and nobody sees anything of it', () => {
  it.each(Object.entries(forgeries))('L3 %s', async (name, { codes, forge }: Forgery) => {
    const dice = diceFrom(seed + name.length)
    const frames = Array.from({ length: variants }, () => forge(scene, dice))
    const ground = createNoteDocument()
    Y.applyUpdate(ground, Y.encodeStateAsUpdate(victim.doc))
    const verdicts = frames.map((bytes) => judgeUpdate(bytes, new Set([scene.own]), new Ground(ground)))
    const judged = verdicts.map((verdict) => (verdict.kind === 'refused' ? verdict.code : verdict.kind === 'gap' ? 4503 : 'accepted'))
    const wrong = judged.findIndex((code) => !codes.some((expected) => expected === code))
    expect(wrong === -1 ? null : [judged[wrong], frames[wrong]?.join()]).toBeNull()

    const before = { text: victim.text, stored: await office.storedText(noteA), log: await office.store.note(officeId, noteA) }
    events.length = 0
    const sent = Array.from({ length: throughTheSocket }, () => oneOf(dice, frames))
    for (const code of await closings(sent)) expect(codes).toContain(code)
    expect(events.map(({ event, memberId }) => [event, memberId])).toEqual(sent.map(() => ['noteFrameRefused', bo]))
    expect({ text: victim.text, stored: await office.storedText(noteA), log: await office.store.note(officeId, noteA) }).toEqual(before)
    expect([victim.closes, victim.provider.wsconnected]).toEqual([[], true])
  })

  it('L3 and the victim writes on', async () => {
    victim.type(' and more')
    await victim.allSaved()
    expect(await office.storedText(noteA)).toBe(victim.text)
  })
})
