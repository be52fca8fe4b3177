import { getSchema } from '@tiptap/core'
import { prosemirrorJSONToYXmlFragment } from '@tiptap/y-tiptap'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { noteExtensions } from '../../src/lib/notes/editor-schema.ts'
import { Ground } from './ground.ts'
import { judgeUpdate, type Verdict } from './validator.ts'

/** Numbers below `limit`, the same for the same seed. */
function dice(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return Math.floor((state / 0x80000000) * limit)
  }
}

const editorIds = [11, 12, 13]

/** Three editors that see each other's edits, and every update they made, in order. */
function editors(): { docs: Y.Doc[]; updates: { id: number; bytes: Uint8Array }[] } {
  const updates: { id: number; bytes: Uint8Array }[] = []
  const docs = editorIds.map((id) => {
    const doc = new Y.Doc()
    doc.clientID = id
    return doc
  })
  for (const doc of docs) {
    doc.on('update', (bytes: Uint8Array, origin: unknown) => {
      if (origin === 'net') return
      updates.push({ id: doc.clientID, bytes })
      for (const other of docs) if (other !== doc) Y.applyUpdate(other, bytes, 'net')
    })
  }
  return { docs, updates }
}

function edit(doc: Y.Doc, roll: (limit: number) => number): void {
  const note = doc.getXmlFragment('note')
  const paragraph = note.length > 0 ? note.get(roll(note.length)) : null
  if (!(paragraph instanceof Y.XmlElement) || roll(9) < 2) {
    const added = new Y.XmlElement('paragraph')
    added.insert(0, [new Y.XmlText('hé'.repeat(1 + roll(3)))])
    // made and removed in one transaction: owners send such structs as GC
    doc.transact(() => {
      note.insert(roll(note.length + 1), [added])
      if (roll(4) === 0) note.delete(roll(note.length), 1)
    })
    return
  }
  const text = paragraph.get(0)
  const action = roll(7)
  if (action === 0 && note.length > 3) note.delete(roll(note.length), 1)
  else if (action === 1) paragraph.setAttribute('level', String(roll(3)))
  else if (!(text instanceof Y.XmlText) || text.length < 3) return
  else if (action === 2) text.delete(roll(text.length - 2), 2)
  else if (action === 3) text.format(roll(text.length), 1, { bold: roll(2) ? {} : null })
  else text.insert(roll(text.length + 1), 'ab')
}

/** Yjs' own undo throws where a neighbour of what it restores was collected; what it did until then goes out all the same. */
function undo(manager: Y.UndoManager | undefined): void {
  try {
    manager?.undo()
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError)
  }
}

const committedNote = () => {
  const doc = new Y.Doc()
  doc.getXmlFragment('note')
  return doc
}

describe('the judge of updates', () => {
  it('takes every update of honest editors, also while those before are only queued, and full resyncs (seed 7)', () => {
    const roll = dice(7)
    const { docs, updates } = editors()
    const managers = docs.map((doc) => new Y.UndoManager(doc.getXmlFragment('note')))
    const server = committedNote()
    const ground = new Ground(server)
    const refused: Verdict[] = []
    let queue: Uint8Array[] = []
    const send = (id: number, bytes: Uint8Array) => {
      const verdict = judgeUpdate(bytes, new Set([id]), ground, 'any')
      if (verdict.kind !== 'accepted') return refused.push(verdict)
      if (verdict.fresh) ground.add(verdict.bytes)
      queue.push(verdict.bytes)
    }
    for (let step = 0; step < 1_500; step++) {
      const who = roll(3)
      const doc = docs[who]
      if (!doc) continue
      if (roll(12) === 0) undo(managers[who])
      else edit(doc, roll)
      for (const { id, bytes } of updates.splice(0)) send(id, bytes)
      // after a reconnect everything since the committed state comes again, half of it queued already
      if (roll(40) === 0) send(doc.clientID, withoutOthers(doc, server))
      if (roll(5) > 0) continue
      for (const bytes of queue) Y.applyUpdate(server, bytes)
      queue = []
    }
    for (const bytes of queue) Y.applyUpdate(server, bytes)
    expect(refused).toEqual([])
    expect(server.store.pendingStructs).toBeNull()
    expect(server.getXmlFragment('note').toString()).toBe(docs[0]?.getXmlFragment('note').toString())
  })

  it('S4.15 takes everything the editor can write: marks, lists in lists, links, breaks, emoji, mentions', () => {
    const doc = new Y.Doc()
    doc.clientID = 11
    const updates: Uint8Array[] = []
    doc.on('update', (update: Uint8Array) => updates.push(update))
    const schema = getSchema(noteExtensions)
    const text = (words: string, ...marks: object[]) => ({ type: 'text', text: words, marks })
    const paragraph = (...content: object[]) => ({ type: 'paragraph', content })
    const item = (...content: object[]) => ({ type: 'listItem', content })
    const bold = { type: 'bold' }
    const link = { type: 'link', attrs: { href: 'https://office.example', target: '_blank' } }
    const versions = [
      [paragraph(text('plain'))],
      [
        paragraph(
          text('bold', bold),
          { type: 'hardBreak' },
          text('and 🙂', bold, { type: 'italic' }, { type: 'underline' }),
          text('x', link),
        ),
      ],
      [paragraph(text('for '), { type: 'mention', attrs: { id: 'member-0123456789' } }, text(' to see'))],
      [paragraph(text('t', { type: 'strike' })), { type: 'bulletList', content: [item(paragraph(text('a')))] }],
      [
        { type: 'orderedList', attrs: { start: 3 }, content: [item(paragraph(text('a')), paragraph())] },
        {
          type: 'bulletList',
          content: [
            item(paragraph(text('q')), { type: 'orderedList', content: [item(paragraph(text('deep')))] }, paragraph(text('after'))),
          ],
        },
      ],
      [paragraph(text('mail', { type: 'link', attrs: { href: 'mailto:a@b.example' } })), paragraph()],
    ]
    for (const content of versions) prosemirrorJSONToYXmlFragment(schema, { type: 'doc', content }, doc.getXmlFragment('note'))
    const server = committedNote()
    const ground = new Ground(server)
    for (const update of updates) {
      const verdict = judgeUpdate(update, new Set([11]), ground)
      expect(verdict).toMatchObject({ kind: 'accepted', fresh: true })
      Y.applyUpdate(server, update)
    }
    expect(updates.length).toBeGreaterThanOrEqual(versions.length)
    expect(server.getXmlFragment('note').toString()).toBe(doc.getXmlFragment('note').toString())
  })

  it('lets nothing through that Yjs cannot integrate at once and completely, however the bytes are bent (seed 3)', () => {
    const roll = dice(3)
    let accepted = 0
    for (let round = 0; round < 60; round++) {
      const { docs, updates } = editors()
      for (let i = 5 + roll(20); i > 0; i--) edit(docs[roll(3)] ?? new Y.Doc(), roll)
      const server = committedNote()
      for (const { bytes } of updates.slice(0, roll(updates.length))) Y.applyUpdate(server, bytes)
      const base = Y.encodeStateAsUpdate(server)
      for (let i = 0; i < 40; i++) {
        const honest = roll(2) ? updates[roll(updates.length)]?.bytes : Y.encodeStateAsUpdate(docs[roll(3)] ?? server)
        const bent = bend(honest ?? base, roll)
        const verdict = judgeUpdate(bent, new Set([...editorIds, roll(20)]), new Ground(server), 'any')
        if (verdict.kind !== 'accepted') continue
        accepted++
        const doc = committedNote()
        Y.applyUpdate(doc, base)
        Y.applyUpdate(doc, verdict.bytes)
        expect([doc.store.pendingStructs, doc.store.pendingDs], bent.join()).toEqual([null, null])
        for (const [client, clock] of verdict.clocks) expect(Y.getState(doc.store, client)).toBe(clock)
      }
    }
    expect(accepted).toBeGreaterThan(40)
  })

  it('tells what is new from what comes again, deletes included', () => {
    const doc = new Y.Doc()
    doc.clientID = 11
    const updates: Uint8Array[] = []
    doc.on('update', (update: Uint8Array) => updates.push(update))
    doc.getXmlFragment('note').insert(0, [new Y.XmlElement('paragraph')])
    doc.getXmlFragment('note').delete(0, 1)
    const server = committedNote()
    const fresh = updates.map((update) => {
      const verdict = judgeUpdate(update, new Set([11]), new Ground(server))
      Y.applyUpdate(server, update)
      const again = judgeUpdate(update, new Set([11]), new Ground(server))
      return [verdict, again].map((v) => v.kind === 'accepted' && v.fresh)
    })
    expect(fresh).toEqual([
      [true, false],
      [true, false],
    ])
  })

  it.each<[string, number[]]>([
    // 1 client block: count, client, clock, then structs; then the delete set
    ['a struct that refers to itself', [1, 1, 11, 0, 132, 11, 0, 1, 97, 0]],
    ['two that refer to each other', [2, 1, 12, 0, 132, 11, 0, 1, 97, 1, 11, 0, 132, 12, 0, 1, 97, 0]],
    ['a skip over what is not known', [1, 2, 11, 0, 10, 5, 0, 1, 0]],
    ['a delete of what is not known', [0, 1, 11, 1, 0, 1]],
  ])('does not take %s', (_, bytes) => {
    expect(judgeUpdate(new Uint8Array(bytes), new Set([11, 12]), new Ground(committedNote()))).toEqual({ kind: 'gap' })
  })

  it.each<[string, number[]]>([
    ['two blocks of one client, of which Yjs would read one', [2, 1, 11, 0, 0, 1, 1, 11, 1, 0, 1, 0]],
    ['a struct of no length', [1, 1, 11, 0, 0, 0, 0]],
    ['an empty range in the delete set', [0, 1, 11, 1, 0, 0]],
    ['something after the end', [0, 0, 0]],
  ])('refuses %s', (_, bytes) => {
    expect(judgeUpdate(new Uint8Array(bytes), new Set([11]), new Ground(committedNote()))).toMatchObject({ kind: 'refused', code: 4411 })
  })

  it.each<[string, number[]]>([
    ['structs', [1, 0x81, 0xea, 0x03, 11, 0, ...Array.from({ length: 60_001 }, () => [0, 1]).flat(), 0]],
    ['ranges of deletes', [0, 1, 11, 0xc1, 0x9a, 0x0c, ...Array.from({ length: 200_001 }, () => [0, 1]).flat()]],
  ])('refuses more %s than anybody writes at once, before it does anything with them', (_, bytes) => {
    const verdict = judgeUpdate(new Uint8Array(bytes), new Set([11]), new Ground(committedNote()))
    expect(verdict).toEqual({ kind: 'refused', code: 4413, reason: 'too much at once' })
  })

  it('cuts off what is known: Yjs throws on a struct whose known half was collected and whose new half names a living parent', () => {
    const author = new Y.Doc()
    author.clientID = 11
    const note = author.getXmlFragment('note')
    const removed = new Y.XmlElement('paragraph')
    removed.insert(0, [new Y.XmlText('abc')])
    note.insert(0, [removed])
    note.delete(0, 1)
    const server = committedNote()
    server.clientID = 12
    Y.applyUpdate(server, Y.encodeStateAsUpdate(author))
    server.getXmlFragment('note').insert(0, [new Y.XmlElement('paragraph')])
    // 'abcdef' from clock 3 on, into the living paragraph (12, 0); 3 and 4 were collected
    const bytes = new Uint8Array([1, 1, 11, 3, 4, 0, 12, 0, 6, ...new TextEncoder().encode('abcdef'), 0])
    const verdict = judgeUpdate(bytes, new Set([11]), new Ground(server), 'any')
    if (verdict.kind !== 'accepted') throw new Error(verdict.kind)
    Y.applyUpdate(server, verdict.bytes)
    expect(Y.getState(server.store, 11)).toBe(9)
  })

  it('refuses values nested so deeply that readers run out of stack', () => {
    const doc = new Y.Doc()
    doc.clientID = 11
    let deep: unknown = 'x'
    for (let i = 0; i < 2_000; i++) deep = [deep]
    const element = new Y.XmlElement('paragraph')
    element.setAttribute('level', deep as string)
    doc.getXmlFragment('note').insert(0, [element])
    const verdict = judgeUpdate(Y.encodeStateAsUpdate(doc), new Set([11]), new Ground(committedNote()))
    expect(verdict).toEqual({ kind: 'refused', code: 4411, reason: 'deep value' })
  })
})

/** What a client sends as step 2: all that the server's committed state lacks (of others it knows only what was committed). */
function withoutOthers(doc: Y.Doc, server: Y.Doc): Uint8Array {
  const clocks = Y.decodeStateVector(Y.encodeStateVector(doc))
  clocks.set(doc.clientID, Y.getState(server.store, doc.clientID))
  const vector = [clocks.size, ...[...clocks].flat()].flatMap(varUint)
  return Y.encodeStateAsUpdate(doc, new Uint8Array(vector))
}

function varUint(n: number): number[] {
  return n < 128 ? [n] : [(n & 127) | 128, ...varUint(n >>> 7)]
}

/** A few bytes changed, added or taken away. */
function bend(update: Uint8Array, roll: (limit: number) => number): Uint8Array {
  const bytes = [...update]
  for (let i = 1 + roll(4); i > 0; i--) {
    const at = roll(bytes.length)
    bytes.splice(at, roll(2), ...(roll(4) === 0 ? [] : [roll(3) === 0 ? roll(256) : roll(16)]))
  }
  return new Uint8Array(bytes)
}
