import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { readMessage } from './messages.ts'
import { compact } from './compact.ts'
import { NoteBody } from './note-body.ts'
import { restore } from './note-document.ts'
import { slicesOf } from './slices.ts'

/** A writer, and every update it made. */
function writer(client: number): { doc: Y.Doc; text: Y.XmlText; updates: Uint8Array[] } {
  const doc = new Y.Doc()
  doc.clientID = client
  const updates: Uint8Array[] = []
  doc.on('update', (bytes: Uint8Array) => updates.push(bytes))
  const paragraph = new Y.XmlElement('paragraph')
  const text = new Y.XmlText('')
  paragraph.insert(0, [text])
  doc.getXmlFragment('note').insert(0, [paragraph])
  return { doc, text, updates }
}

const log = (updates: readonly Uint8Array[], from = 1) => updates.map((bytes, i) => ({ seq: from + i, memberId: 'm', at: 0, bytes }))
const text = (doc: Y.Doc) => doc.getXmlFragment('note').toString()

/** Plays the messages of an answer into a document, as a client does; returns how many there were. */
function play(messages: readonly Uint8Array[], doc: Y.Doc): number {
  const read = messages.map((message) => readMessage(message))
  for (const message of read) if (message?.kind === 'update') Y.applyUpdate(doc, message.bytes)
  expect(read.at(-1)).toMatchObject({ kind: 'update', answer: true })
  expect(doc.store.pendingStructs).toBeNull()
  return messages.length
}

function askedVector(message: Uint8Array): Map<number, number> {
  const asked = readMessage(message)
  if (asked?.kind !== 'step1') throw new Error('no step 1')
  return Y.decodeStateVector(asked.stateVector)
}

describe('a note in a room', () => {
  it('L3 compacted is the same note, without what was deleted in it', () => {
    const { doc, text: words, updates } = writer(7)
    words.insert(0, 'a secret, and what stays')
    words.delete(0, 10)
    words.format(0, 3, { bold: {} })
    const { bytes } = compact(updates)
    const again = new Y.Doc()
    Y.applyUpdate(again, bytes)
    expect(text(again)).toBe(text(doc))
    expect(Buffer.from(Y.mergeUpdates(updates)).includes('secret')).toBe(true)
    expect(Buffer.from(bytes).includes('secret')).toBe(false)
    // twice, and with what came after: still the same
    words.insert(3, '!')
    const twice = new Y.Doc()
    Y.applyUpdate(twice, compact([bytes, updates.at(-1)!]).bytes)
    expect(text(twice)).toBe(text(doc))
  })

  it('is not compacted where an update cannot be applied', () => {
    const { text: words, updates } = writer(7)
    words.insert(0, 'a')
    words.insert(1, 'b')
    expect(() => compact([updates[0]!, updates[2]!])).toThrow('cannot be applied')
  })

  it('is shown out of its bytes: a snapshot and 200 updates, without a document', () => {
    const { doc, text: words, updates } = writer(7)
    for (let i = 0; i < 300; i++) words.insert(words.length, `w${i} `)
    const { bytes, vector } = compact(updates.slice(0, 100))
    const { body, left } = NoteBody.of({ epoch: 1, snapshot: { seq: 100, bytes, vector }, updates: log(updates.slice(100), 101) })
    expect([left, body.isBuilt, body.seq]).toEqual([[], false, updates.length])
    const visitor = new Y.Doc()
    expect(play(body.answer(Y.encodeStateVector(visitor)), visitor)).toBeLessThan(12)
    expect(text(visitor)).toBe(text(doc))
    expect(askedVector(body.ask())).toEqual(new Map([[7, Y.getState(doc.store, 7)]]))
    expect(body.isBuilt).toBe(false)
  })

  it('brings a client that was away up to date out of its bytes', () => {
    const { doc, text: words, updates } = writer(7)
    words.insert(0, 'before ')
    const away = new Y.Doc()
    for (const bytes of updates) Y.applyUpdate(away, bytes)
    words.insert(7, 'after')
    words.delete(0, 3)
    const compacted = compact(updates.slice(0, 2))
    const { body } = NoteBody.of({ epoch: 1, snapshot: { seq: 2, ...compacted }, updates: log(updates.slice(2), 3) })
    play(body.answer(Y.encodeStateVector(away)), away)
    expect(text(away)).toBe(text(doc))
    expect(body.isBuilt).toBe(false)
  })

  it('L3 with and without a document it takes and gives the same', () => {
    const { doc, text: words, updates } = writer(7)
    words.insert(0, 'one ')
    const { body } = NoteBody.of({ epoch: 1, snapshot: null, updates: log(updates) })
    let taken = updates.length
    const take = () => {
      body.advance(updates.slice(taken), updates.length)
      taken = updates.length
    }
    for (const build of [false, true, false]) {
      if (build) expect(text(body.doc)).toBe(text(doc))
      words.insert(words.length, build ? 'two ' : 'three ')
      take()
      const visitor = new Y.Doc()
      play(body.answer(Y.encodeStateVector(visitor)), visitor)
      expect(text(visitor)).toBe(text(doc))
      expect(askedVector(body.ask())).toEqual(Y.decodeStateVector(Y.encodeStateVector(doc)))
      body.rest()
      expect(body.isBuilt).toBe(false)
    }
  })

  it('an empty one asks for everything, and answers with nothing', () => {
    const { body } = NoteBody.of({ epoch: 1, snapshot: null, updates: [] })
    expect(askedVector(body.ask()).size).toBe(0)
    expect(play(body.answer(new Uint8Array([0])), new Y.Doc())).toBe(1)
    expect(() => body.answer(new Uint8Array([255]))).toThrow()
  })

  it('is built bit by bit, once for all who ask, with what was stored meanwhile', async () => {
    const { doc, text: words, updates } = writer(7)
    for (let i = 0; i < 300; i++) words.insert(words.length, `w${i} `)
    const [bytes, vector, before] = [Y.encodeStateAsUpdate(doc), Y.encodeStateVector(doc), updates.length]
    const { body } = NoteBody.of({ epoch: 1, snapshot: { seq: before, bytes, vector }, updates: [] })
    words.insert(0, 'meanwhile ')
    let cuts = 0
    const slice = async (parts: Uint8Array[]) => {
      cuts++
      return parts.flatMap((part) => slicesOf(restore([part]).doc, 1))
    }
    const built = Promise.all([body.build(slice), body.build(slice)])
    body.advance(updates.slice(before), before + 1)
    await built
    expect([cuts, body.isBuilt, text(body.doc)]).toEqual([1, true, text(doc)])
  })

  it('that cannot be cut is built in one go when it is needed', async () => {
    const { doc, text: words } = writer(7)
    words.insert(0, 'all of it')
    const snapshot = { seq: 1, bytes: Y.encodeStateAsUpdate(doc), vector: Y.encodeStateVector(doc) }
    const { body } = NoteBody.of({ epoch: 1, snapshot, updates: [] })
    await body.build(() => Promise.reject(new Error('the thread ended')))
    expect([body.isBuilt, text(body.doc)]).toEqual([false, text(doc)])
  })
})
