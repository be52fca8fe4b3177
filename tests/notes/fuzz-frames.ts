import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'
import { encodeFrame } from '#shared/contracts/notes-frame.ts'
import { kind, type Kind, noteSchema } from '#shared/contracts/notes-wire.ts'
import { type Dice, oneOf } from './dice.ts'
import { forgeries, type Scene } from './forgeries.ts'
import { type Block, type Content, type Piece, type Ref, writeUpdate } from './update-writer.ts'
import { type Holder, holdersOf, placeIn } from './victim-note.ts'

/** What a fuzzer knows: the note as it stands, and how it is opened. */
export interface Target extends Scene {
  note: string
}

/** A binary message for the socket, on one of a few channels. */
export function anyFrame(target: Target, dice: Dice, channels: number): Uint8Array {
  const channel = 1 + dice(channels)
  const kindOfFrame = dice(100)
  if (kindOfFrame < 1) return randomBytes(dice, 64)
  if (kindOfFrame < 3) return encodeFrame(oneOf(dice, [channel, 0, 2 ** 31 + dice(9)]), dice(6) as Kind, randomBytes(dice, 40))
  if (kindOfFrame < 15) return encodeFrame(channel, kind.open, anyOpen(target, dice))
  if (kindOfFrame < 17) return encodeFrame(channel, kind.close, randomBytes(dice, 4))
  if (kindOfFrame < 20) return anyPart(target, dice, channel)
  return encodeFrame(channel, kind.data, anyMessage(target, dice))
}

function anyPart(target: Target, dice: Dice, channel: number): Uint8Array {
  const message = anyMessage(target, dice)
  return encodeFrame(channel, kind.part, message.subarray(0, dice(message.length + 1)))
}

function anyMessage(target: Target, dice: Dice): Uint8Array {
  const about = dice(20)
  if (about < 3) return mutated(awareness(target, dice), dice, 3)
  if (about < 5) return mutated(sync(0, Y.encodeStateVector(target.doc)), dice, 2)
  if (about < 6) return mutated(sync(oneOf(dice, [0, 1, 2, 3, 127]), randomBytes(dice, 40)), dice, 2)
  return sync(1 + dice(2), anyUpdate(target, dice))
}

/** A sync message of y-protocols. */
export function sync(subType: number, bytes: Uint8Array): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, 0)
    encoding.writeVarUint(encoder, subType)
    encoding.writeVarUint8Array(encoder, bytes)
  })
}

function awareness({ own, victim, field }: Target, dice: Dice): Uint8Array {
  const position = oneOf<unknown>(dice, [
    { tname: field ?? 'note' },
    { item: { client: victim, clock: dice(30) } },
    { type: { client: own, clock: 0 } },
    {},
  ])
  const state = oneOf<unknown>(dice, [null, { cursor: { anchor: position, head: position } }, { cursor: null }, { user: {} }, 7])
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, 1)
    const update = encoding.encode((inner) => {
      for (const number of [1 + dice(2), oneOf(dice, [own, victim, dice(99)]), dice(2 ** 30)]) encoding.writeVarUint(inner, number)
      encoding.writeVarString(inner, JSON.stringify(state))
    })
    encoding.writeVarUint8Array(encoder, update)
  })
}

/** The JSON of an `open`, right or bent in one of its values, its form or its bytes. */
function anyOpen({ note, own, victim }: Target, dice: Dice): Uint8Array {
  const open: Record<string, unknown> = { note, epoch: 1, schema: noteSchema, clientId: own }
  const value = oneOf<unknown>(dice, [0, -1, 1.5, 2 ** 53, '', note, null, true, [], {}, [[[]]], 'x'.repeat(dice(3_000)), victim])
  const change = dice(6)
  if (change === 0) open[oneOf(dice, Object.keys(open))] = value
  else if (change === 1) delete open[oneOf(dice, Object.keys(open))]
  else if (change === 2) open[oneOf(dice, ['__proto__', 'extra', 'memberId'])] = value
  const bytes = new TextEncoder().encode(JSON.stringify(open))
  return change === 3 ? mutated(bytes, dice, 1) : bytes
}

/** An update: what an honest editor might write, what a forger might, or structs at random; some bent in their bits and numbers. */
function anyUpdate(target: Target, dice: Dice): Uint8Array {
  // once everything is deleted, there is nothing for forgers to hold on to
  const holders = holdersOf(target.doc, target.field)
  const isWhole = ['paragraph', 'text'].every((name) => holders.some((holder) => holder.kind === name)) && holders.some(hasAttributes)
  const origin = isWhole ? dice(10) : dice(2) * 6
  const update =
    origin < 3
      ? writeUpdate([ownBlock(target, honestPieces(target, dice))])
      : origin < 5
        ? oneOf(dice, Object.values(forgeries)).forge(target, dice)
        : origin < 9
          ? anyStructs(target, dice)
          : Y.encodeStateAsUpdate(target.doc)
  return dice(3) === 0 ? mutated(update, dice, 4) : update
}

const hasAttributes = ({ kind: name, attributes }: Holder) => name === 'orderedList' && attributes.length > 0

const ownBlock = (target: Target, pieces: readonly Piece[]): Block => ({
  client: target.own,
  clock: Y.getState(target.doc.store, target.own),
  pieces,
})

/** A paragraph with words, or words where words are. */
function honestPieces({ doc, own, field }: Target, dice: Dice): Piece[] {
  const next = Y.getState(doc.store, own)
  const holders = holdersOf(doc, field)
  const texts = holders.filter(({ kind: name }) => name === 'text')
  if (texts.length > 0 && dice(3) > 0) return [{ content: { text: 'words ' }, ...placeIn(oneOf(dice, texts), dice) }]
  return [
    { content: { type: 3, name: 'paragraph' }, ...placeIn(oneOf(dice, holders.slice(0, 1)), dice) },
    { content: { type: 6 }, parent: [own, next] },
    { content: { text: 'first' }, parent: [own, next + 1] },
  ]
}

const contents: ((dice: Dice) => Content)[] = [
  (dice) => ({ text: oneOf(dice, ['a', 'bcd', '😀', '']) }),
  (dice) => ({ type: dice(8), name: oneOf(dice, ['paragraph', 'listItem', 'bulletList', 'hardBreak', 'x']) }),
  () => ({ type: 6 }),
  (dice) => ({ type: 3, name: oneOf(dice, ['paragraph', 'orderedList', 'listItem']) }),
  (dice) => ({ mark: oneOf(dice, ['bold', 'link', 'x']), value: oneOf<unknown>(dice, [{}, null, { href: 'https://a.example' }]) }),
  (dice) => ({ any: Array.from({ length: dice(3) }, () => oneOf<unknown>(dice, [1, 3, 'x', null, { a: [1] }])) }),
  (dice) => ({ deleted: dice(4) }),
  (dice) => ({ gc: dice(4) }),
  (dice) => ({ skip: dice(4) }),
  () => ({ embed: { a: 1 } }),
  () => ({ json: [1] }),
  () => ({ binary: new Uint8Array(3) }),
  () => ({ document: 'x' }),
]

/** Structs of any content in any place: each may be wrong in its own way, and right. */
function anyStructs(target: Target, dice: Dice): Uint8Array {
  const { doc, own, victim, field = 'note' } = target
  const clock = Y.getState(doc.store, own)
  const aRef = (): Ref => {
    const client = dice(2) === 0 ? own : victim
    return [client, dice(Y.getState(doc.store, client) + (dice(5) === 0 ? 6 : 0) + 1)]
  }
  const pieces = Array.from({ length: 1 + dice(5) }, (): Piece => {
    const [left, right] = [dice(2) === 0 ? aRef() : undefined, dice(3) === 0 ? aRef() : undefined]
    const key = dice(5) === 0 ? oneOf(dice, ['start', 'k', '']) : undefined
    const place =
      dice(3) === 0 ? placeIn(oneOf(dice, holdersOf(doc, field)), dice) : { left, right, parent: dice(3) === 0 ? field : aRef() }
    return { content: oneOf(dice, contents)(dice), ...place, key }
  })
  const ranges = Array.from({ length: dice(3) }, () => [aRef()[1], dice(4)] as const)
  const block = { client: dice(9) === 0 ? victim : own, clock: Math.max(0, clock - (dice(5) === 0 ? dice(4) : 0)), pieces }
  const blocks = oneOf(dice, [[block], [block], [], [block, { ...block, client: victim, clock: Y.getState(doc.store, victim) }]])
  return writeUpdate(blocks, ranges.length > 0 ? [{ client: dice(2) === 0 ? own : victim, ranges }] : [])
}

/** A few bits, bytes and numbers changed, added, taken away or moved. */
function mutated(bytes: Uint8Array, dice: Dice, most: number): Uint8Array {
  const bent = [...bytes]
  for (let times = 1 + dice(most); times > 0 && bent.length > 0; times--) {
    const at = dice(bent.length)
    oneOf(dice, [
      () => (bent[at] = (bent[at] ?? 0) ^ (1 << dice(8))),
      () => bent.splice(at, 1),
      () => bent.splice(at, 0, dice(256)),
      // a number that goes on, and one that is far too large
      () => (bent[at] = (bent[at] ?? 0) | 128),
      () => bent.splice(at, 1, 255, 255, 255, oneOf(dice, [15, 127, 255])),
      () => bent.splice(at, 0, ...bent.slice(at, at + 1 + dice(8))),
      () => bent.splice(at, 1 + dice(8)),
    ])()
  }
  return Uint8Array.from(bent)
}

const randomBytes = (dice: Dice, most: number) => Uint8Array.from({ length: dice(most + 1) }, () => dice(256))
