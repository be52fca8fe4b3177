import * as encoding from 'lib0/encoding'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noteSchema, type WriterState } from '#shared/contracts/notes-wire.ts'
import { type Dice, diceFrom, oneOf } from './dice.ts'
import { ana, bo, noteA, TestOffice, vic } from './office.ts'
import type { RawChannel, Writer } from './tab.ts'

const seed = Date.now() % 1_000_000
const variants = 500

type Entry = [clientId: number, clock: number, state: unknown]
/** Entries of one awareness message; `ids`: the intruder's own, the victim's, the colleague's. */
type Spoof = (dice: Dice, ids: { own: number; victim: number; colleague: number }) => Entry[]

let office: TestOffice
let victim: Writer
let colleague: Writer
let own: number

const caretAt = (clock: number, client = 1) => ({ anchor: { item: { client, clock } }, head: { item: { client, clock } } })
const stranger = (dice: Dice) => oneOf(dice, [0, 1, 7, 1 + dice(2 ** 31), 2 ** 40, Number.MAX_SAFE_INTEGER])
const later = (dice: Dice) => oneOf(dice, [1, dice(1_000), Date.now() * 10, 2 ** 50])
const clientIds = (dice: Dice, { own: mine, victim: theirs, colleague: other }: { own: number; victim: number; colleague: number }) =>
  oneOf(dice, [theirs, other, stranger(dice), mine])

/** Places that are none. */
const badPlace = (dice: Dice): unknown =>
  oneOf<unknown>(dice, [
    ...[null, {}, 7, 'x', [], { item: null }, { item: { client: 'a', clock: 1 } }, { item: { client: 1, clock: -1 - dice(9) } }],
    ...[{ item: { client: 1, clock: 0.5 } }, { item: { client: 2 ** 60, clock: 1 } }, { tname: `t${dice(99)}` }, { tname: '__proto__' }],
    ...[{ tname: 'note', type: { client: 1, clock: 1 } }, { item: { client: 1, clock: 1 }, assoc: '0' }, { type: { client: 1 } }],
  ])

const spoofs: Record<string, Spoof> = {
  'about others: where they are, who they are, and that they left': (dice, ids) =>
    Array.from({ length: 1 + dice(6) }, (): Entry => {
      const id = clientIds(dice, { ...ids, own: stranger(dice) })
      return [
        id,
        later(dice),
        oneOf<unknown>(dice, [null, { cursor: caretAt(dice(9)), user: { memberId: bo, name: 'Forged', colour: 9 } }, {}]),
      ]
    }),
  'under a name, a colour and a member that are not theirs': (dice, ids) => [
    [
      ids.own,
      later(dice),
      {
        cursor: caretAt(dice(100)),
        user: oneOf<unknown>(dice, [
          { memberId: ana, name: 'Ana', colour: 0 },
          { memberId: '', name: '<img src=x onerror=alert(1)>', colour: 'red' },
          { name: 'x'.repeat(dice(1_000)) },
          null,
          'Ana',
        ]),
        extra: oneOf<unknown>(dice, [1, { html: '<b>' }, []]),
      },
    ],
  ],
  'more than 2 KB': (dice, ids) => [
    [ids.own, later(dice), { cursor: { ...caretAt(dice(9)), pad: oneOf(dice, ['x', 'é', '🙂']).repeat(2_048 + dice(4_000)) } }],
  ],
  'carets that would break the editors of others': (dice, ids) => {
    const [anchor, head] = [badPlace(dice), dice(2) === 0 ? badPlace(dice) : { item: { client: 1, clock: 1 } }]
    const cursor = oneOf<unknown>(dice, [{ anchor, head }, { anchor: head, head: anchor }, { anchor }, anchor ?? 1, [anchor]])
    return [[ids.own, later(dice), oneOf<unknown>(dice, [{ cursor }, { cursor, user: 1 }])]]
  },
  'that they left, while they stay': (dice, ids) => [[ids.own, later(dice), oneOf<unknown>(dice, [null, 0, '', false, 'left'])]],
}

beforeAll(async () => {
  console.log(`seed ${seed}`)
  office = await TestOffice.start()
  victim = await office.tab(ana).open(noteA)
  colleague = await office.tab(vic).open(noteA)
  own = (await office.grant(bo, noteA)).clientId
  victim.type('words')
  await victim.allSaved()
  victim.provider.awareness.setLocalStateField('cursor', caretAt(3, victim.open.clientId))
  await colleague.until(() => JSON.stringify(stateSeenBy(colleague, victim.open.clientId)?.cursor ?? null).includes('"clock":3'))
})
afterAll(() => office.close())

const stateSeenBy = (writer: Writer, clientId: number) => writer.provider.awareness.getStates().get(clientId) as WriterState | undefined

async function intruder(): Promise<RawChannel> {
  const raw = office.tab(bo).raw({ note: noteA, epoch: 1, schema: noteSchema, clientId: own })
  await raw.isOpen
  return raw
}

function say(raw: RawChannel, entries: readonly Entry[]): void {
  raw.message((encoder) => {
    encoding.writeVarUint(encoder, 1)
    const update = encoding.encode((inner) => {
      encoding.writeVarUint(inner, entries.length)
      for (const [clientId, clock, state] of entries) {
        encoding.writeVarUint(inner, clientId)
        encoding.writeVarUint(inner, clock)
        encoding.writeVarString(inner, JSON.stringify(state))
      }
    })
    encoding.writeVarUint8Array(encoder, update)
  })
}

let marks = 1_000_000

/** Resolves when everything that was said before has been shown, or passed over. */
async function untilHeard(raw: RawChannel): Promise<void> {
  const clock = marks++
  say(raw, [[own, 1, { cursor: caretAt(clock) }]])
  await victim.until(() => JSON.stringify(stateSeenBy(victim, own) ?? null).includes(String(clock)))
}

describe('L5 what somebody says about carets shows to the others as their own caret, or not at all', () => {
  it.each(Object.entries(spoofs))('L5 %s', async (name, spoof) => {
    const dice = diceFrom(seed + name.length)
    const raw = await intruder()
    const ids = { own, victim: victim.open.clientId, colleague: colleague.open.clientId }
    const before = { mine: victim.provider.awareness.getLocalState(), shown: stateSeenBy(colleague, ids.victim) }
    const seen: WriterState[] = []
    const strangers = new Set<number>()
    const gone: number[] = []
    const watch = ({ added, updated, removed }: { added: number[]; updated: number[]; removed: number[] }) => {
      gone.push(...removed)
      for (const id of [...added, ...updated]) if (!Object.values(ids).includes(id)) strangers.add(id)
      const state = stateSeenBy(victim, own)
      if (state) seen.push(structuredClone(state))
    }
    victim.provider.awareness.on('change', watch)
    for (let i = 0; i < variants; i++) say(raw, spoof(dice, ids))
    await untilHeard(raw)
    victim.provider.awareness.off('change', watch)

    expect([[...strangers], gone]).toEqual([[], []])
    for (const { user, ...rest } of seen) {
      expect(user).toEqual({ memberId: bo, name: 'Bo', colour: 1 })
      expect(Object.keys(rest).filter((key) => key !== 'cursor')).toEqual([])
      expect(JSON.stringify(rest).length).toBeLessThan(300)
    }
    expect({ mine: victim.provider.awareness.getLocalState(), shown: stateSeenBy(colleague, ids.victim) }).toEqual(before)
    expect([victim.closes, colleague.closes]).toEqual([[], []])
  })

  it('L5 a thousand of them at once: shown 20 times a second at most', async () => {
    const raw = await intruder()
    let shown = 0
    const count = () => shown++
    colleague.provider.awareness.on('change', count)
    const startedAt = performance.now()
    for (let clock = 1; clock <= 1_000; clock++) say(raw, [[own, clock, { cursor: caretAt(clock) }]])
    await untilHeard(raw)
    await colleague.until(() => JSON.stringify(stateSeenBy(colleague, own) ?? null) === JSON.stringify(stateSeenBy(victim, own)))
    colleague.provider.awareness.off('change', count)
    expect(shown).toBeLessThanOrEqual(2 + (performance.now() - startedAt) / 50)
  })
})
