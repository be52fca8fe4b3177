import * as encoding from 'lib0/encoding'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { applyStored, createNoteDocument, restore } from './note-document.ts'
import { Ground } from './ground.ts'
import { judgeUpdate } from './validator.ts'

/** Numbers below `limit`, the same for the same seed. */
function dice(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return Math.floor((state / 0x80000000) * limit)
  }
}

const own = new Set([2, 3])
const fromHex = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'))

/** Attributes under whose chain of values lies a living one: Yjs throws when their element is collected. */
const uncollectable = [
  ['0202020024000300026b300362636401000200020403000701046e6f7465064403000362636448020001760101617d0188020001760101617d010103010001'],
  [
    '010102000701046e6f74650200',
    '0201020128000200026b3101760101617d0100',
    '010103000700020005017000',
    '0202020226000201026b3104626f6c640474727565a6020204626f6c6404747275650403018402010362636487020303017067030000470303020102010001',
  ],
  [
    '020102000701046e6f746502040300640200016184030003efbfbda102000248030201760101617d0100',
    '0204020101000200020800020001760101617d010101046e6f74650224000200026b300362636402030548020201760101617d0148020101760101617d0100',
    '020202098103000347030704040307e60306020704626f6c64047472756567020700000268020a01760101617d0100',
  ],
]

/** A chain of elements, each in the one before, under client id 2. */
function nested(from: number, to: number): Uint8Array {
  return encoding.encode((encoder) => {
    for (const number of [1, to - from, 2, from]) encoding.writeVarUint(encoder, number)
    for (let i = from; i < to; i++) {
      encoding.writeUint8(encoder, 7)
      encoding.writeVarUint(encoder, i === 0 ? 1 : 0)
      if (i === 0) encoding.writeVarString(encoder, 'note')
      else for (const number of [2, i - 1]) encoding.writeVarUint(encoder, number)
      encoding.writeVarUint(encoder, 3)
      encoding.writeVarString(encoder, 'p')
    }
    encoding.writeVarUint(encoder, 0)
  })
}

/** Applies what is accepted in every way it is ever applied, and takes everything away at the end: none of it may throw. */
function readEverywhere(accepted: readonly Uint8Array[]): void {
  const inOne = createNoteDocument()
  applyStored(inOne, accepted)
  const oneByOne = createNoteDocument()
  for (const bytes of accepted) applyStored(oneByOne, [bytes])
  const visitor = new Y.Doc()
  Y.applyUpdate(visitor, Y.encodeStateAsUpdate(oneByOne))
  if (accepted.length > 0) Y.applyUpdate(new Y.Doc(), Y.mergeUpdates([...accepted]))
  for (const [how, doc] of Object.entries({ inOne, oneByOne, visitor })) {
    const note = doc.getXmlFragment('note')
    note.delete(0, note.length)
    expect([how, doc.store.pendingStructs, doc.store.pendingDs]).toEqual([how, null, null])
  }
}

/** What of these updates is accepted and kept. */
function admit(updates: readonly Uint8Array[]): Uint8Array[] {
  const ground = new Ground(createNoteDocument())
  const accepted: Uint8Array[] = []
  for (const update of updates) {
    const verdict = judgeUpdate(update, own, ground, 'any')
    if (verdict.kind !== 'accepted' || !verdict.fresh) continue
    ground.add(verdict.bytes)
    accepted.push(verdict.bytes)
  }
  return accepted
}

describe('updates made to destroy a note', () => {
  it.each(uncollectable.map((hexes, i) => [i + 1, hexes] as const))('attributes that cannot be collected, %i: refused', (_, hexes) => {
    const accepted = admit(hexes.map(fromHex))
    expect(accepted.length).toBeLessThan(hexes.length)
    readEverywhere(accepted)
  })

  it('elements nested so deeply that taking them away overflows the stack: refused, in one update or bit by bit', () => {
    const verdict = judgeUpdate(nested(0, 20_000), own, new Ground(createNoteDocument()), 'any')
    expect(verdict).toEqual({ kind: 'refused', code: 4411, reason: 'nested too deeply' })
    expect(admit([nested(0, 10), nested(10, 64), nested(64, 65), nested(64, 80)])).toHaveLength(2)
  })

  it.each<[string, string]>([
    // parent: the element 2:0; 'k' is the attribute
    ['text as an attribute', '0102020007' + '01046e6f7465030170' + '24000200016b0161' + '00'],
    ['an element as an attribute', '0102020007' + '01046e6f7465030170' + '27000200016b030170' + '00'],
    ['two living values as one', '0102020007' + '01046e6f7465030170' + '28000200016b027d017d01' + '00'],
    ['a value before an attribute', '0103020007' + '01046e6f7465030170' + '28000200016b017d01' + '480201017d01' + '00'],
    ['text before an attribute', '0103020007' + '01046e6f7465030170' + '28000200016b017d01' + '4402010161' + '00'],
    ['a map in the text', '0101020007' + '01046e6f746501' + '00'],
  ])('%s: refused', (_, hex) => {
    expect(judgeUpdate(fromHex(hex), own, new Ground(createNoteDocument()))).toMatchObject({ kind: 'refused', code: 4411 })
  })

  it('whatever is accepted can be applied, stored, sent and taken away (seed 5)', () => {
    const roll = dice(5)
    let accepted = 0
    for (let round = 0; round < 300; round++) accepted += attackOnce(roll)
    expect(accepted).toBeGreaterThan(1_000)
  })
})

describe('attributes that honest editors write', () => {
  it('are accepted when set again and again, taken back, and sent as a whole', () => {
    const doc = new Y.Doc()
    doc.clientID = 2
    const updates: Uint8Array[] = []
    doc.on('update', (update: Uint8Array) => updates.push(update))
    const list = new Y.XmlElement('orderedList')
    const undo = new Y.UndoManager(doc.getXmlFragment('note'), { captureTimeout: 0 })
    doc.getXmlFragment('note').insert(0, [list])
    for (let start = 0; start < 6; start++) list.setAttribute('start', String(start))
    for (let i = 0; i < 3; i++) undo.undo()
    undo.redo()
    list.removeAttribute('start')
    expect(admit(updates)).toHaveLength(updates.length)
    // deleted values that the undo manager keeps are sent as one
    expect(admit([Y.encodeStateAsUpdate(doc)])).toHaveLength(1)
  })
})

describe('what updates are judged on', () => {
  it('tells what Yjs cannot apply', () => {
    const ground = new Ground(createNoteDocument())
    ground.add(nested(0, 1))
    expect(ground.clock(2)).toBe(1)
    expect(() => ground.add(fromHex('0101030084020500016100'))).toThrow()
    expect(() => new Ground(createNoteDocument()).add(fromHex(uncollectable[0]?.[0] ?? ''))).toThrow()
  })
})

describe('a log with an update that cannot be applied', () => {
  it('is read without it, and without what builds on it', () => {
    const bad = fromHex(uncollectable[0]?.[0] ?? '')
    const author = new Y.Doc()
    author.clientID = 7
    author.getXmlFragment('note').insert(0, [new Y.XmlElement('paragraph')])
    const good = Y.encodeStateAsUpdate(author)
    const vector = Y.encodeStateVector(author)
    author.getXmlFragment('note').insert(1, [new Y.XmlText('kept')])
    const later = Y.encodeStateAsUpdate(author, vector)
    const dependent = fromHex('0101020287030503017000')
    const { doc, left } = restore([good, bad, dependent, later])
    expect(left).toEqual([1, 2])
    expect(doc.getXmlFragment('note').toString()).toBe('<paragraph></paragraph>kept')
    expect(doc.store.pendingStructs).toBeNull()
  })
})

/** A dozen and more updates of any shape from two client ids; returns how many were accepted. */
function attackOnce(roll: (limit: number) => number): number {
  const committed = createNoteDocument()
  const ground = new Ground(committed)
  const accepted: Uint8Array[] = []
  let waiting: Uint8Array[] = []
  for (let step = 0; step < 25; step++) {
    const verdict = judgeUpdate(anyUpdate(roll, ground), own, ground, 'any')
    if (verdict.kind !== 'accepted' || !verdict.fresh) continue
    ground.add(verdict.bytes)
    accepted.push(verdict.bytes)
    waiting.push(verdict.bytes)
    if (roll(3) > 0) continue
    applyStored(committed, waiting)
    waiting = []
  }
  readEverywhere(accepted)
  return accepted.length
}

function anyUpdate(roll: (limit: number) => number, ground: Ground): Uint8Array {
  return encoding.encode((encoder) => {
    const clients = roll(3) === 0 ? [2, 3] : [2 + roll(2)]
    encoding.writeVarUint(encoder, clients.length)
    for (const client of clients) {
      const count = 1 + roll(4)
      for (const number of [count, client, Math.max(0, ground.clock(client) - (roll(12) === 0 ? roll(3) : 0))])
        encoding.writeVarUint(encoder, number)
      for (let i = 0; i < count; i++) writeAnyStruct(encoder, roll, ground)
    }
    const client = 2 + roll(2)
    const isDelete = roll(3) === 0
    const numbers = isDelete ? [1, client, 1, roll(Math.max(1, ground.clock(client))), 1 + roll(4)] : [0]
    for (const number of numbers) encoding.writeVarUint(encoder, number)
  })
}

function writeAnyStruct(encoder: encoding.Encoder, roll: (limit: number) => number, ground: Ground): void {
  if (roll(20) === 0) {
    encoding.writeUint8(encoder, 0)
    return encoding.writeVarUint(encoder, 1 + roll(3))
  }
  const content = [1, 4, 6, 7, 7, 8, 4, 8][roll(8)] ?? 4
  const [hasLeft, hasRight, hasKey] = [roll(2) === 0, roll(4) === 0, roll(4) === 0]
  const writeId = () => {
    const client = 2 + roll(2)
    encoding.writeVarUint(encoder, client)
    encoding.writeVarUint(encoder, roll(Math.max(1, ground.clock(client) + (roll(6) === 0 ? 3 : 0))))
  }
  encoding.writeUint8(encoder, content | (hasLeft ? 128 : 0) | (hasRight ? 64 : 0) | (hasKey ? 32 : 0))
  if (hasLeft) writeId()
  if (hasRight) writeId()
  if (!hasLeft && !hasRight) {
    const isRoot = !hasKey && roll(3) === 0
    encoding.writeVarUint(encoder, isRoot ? 1 : 0)
    if (isRoot) encoding.writeVarString(encoder, 'note')
    else writeId()
    if (hasKey) encoding.writeVarString(encoder, `k${roll(2)}`)
  }
  writeAnyContent(encoder, content, roll)
}

function writeAnyContent(encoder: encoding.Encoder, content: number, roll: (limit: number) => number): void {
  if (content === 1) encoding.writeVarUint(encoder, 1 + roll(3))
  else if (content === 4) encoding.writeVarString(encoder, ['a', 'bcd', '😀x'][roll(3)] ?? '')
  else if (content === 6) {
    encoding.writeVarString(encoder, 'bold')
    encoding.writeVarString(encoder, 'true')
  } else if (content === 7) {
    const isElement = roll(2) === 0
    encoding.writeVarUint(encoder, isElement ? 3 : 6)
    if (isElement) encoding.writeVarString(encoder, 'p')
  } else {
    const count = 1 + (roll(4) === 0 ? 1 : 0)
    encoding.writeVarUint(encoder, count)
    for (let i = 0; i < count; i++) encoding.writeAny(encoder, { a: 1 })
  }
}
