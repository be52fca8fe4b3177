import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { noteField } from '#shared/contracts/notes-wire.ts'
import { Rescue } from './rescue.ts'
import { restore } from './restore.ts'

/** Numbers below `limit`, the same for the same seed. */
function dice(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return Math.floor((state / 0x80000000) * limit)
  }
}

const rootOf = (doc: Y.Doc) => doc.getXmlFragment(noteField)
/** The text and its marks; a stretch of one mark may be stored as several. */
const textIn = (doc: Y.Doc) => rootOf(doc).toString().replaceAll('</bold><bold>', '')

function copyOf(doc: Y.Doc, clientID?: number): Y.Doc {
  const copy = new Y.Doc()
  if (clientID !== undefined) copy.clientID = clientID
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc))
  return copy
}

function paragraph(text: string): Y.XmlElement {
  const element = new Y.XmlElement('paragraph')
  element.insert(0, [new Y.XmlText(text)])
  return element
}

function list(...items: string[]): Y.XmlElement {
  const element = new Y.XmlElement('bulletList')
  element.insert(
    0,
    items.map((text) => {
      const item = new Y.XmlElement('listItem')
      item.insert(0, [paragraph(text)])
      return item
    }),
  )
  return element
}

/** The texts of a note, those in lists as well. */
function textsOf(parent: Y.XmlFragment | Y.XmlElement): Y.XmlText[] {
  return parent.toArray().flatMap((child) => (child instanceof Y.XmlText ? [child] : child instanceof Y.XmlElement ? textsOf(child) : []))
}

/** Something that people do to a note. */
function edit(doc: Y.Doc, roll: (limit: number) => number): void {
  const root = rootOf(doc)
  const texts = textsOf(root)
  const text = texts[roll(Math.max(1, texts.length))]
  const kind = roll(12)
  if (!text || kind < 2) root.insert(roll(root.length + 1), [kind === 0 ? list('één 🙂', 'twee') : paragraph('nieuw 🙂 ')])
  else if (kind < 7) text.insert(roll(text.length + 1), ['rente ', 'é', 'x'][roll(3)]!)
  else if (kind < 9 && text.length > 0) text.delete(roll(text.length), 1)
  else if (kind < 10 && text.length > 1) text.format(0, 1 + roll(text.length - 1), { bold: roll(2) ? {} : null })
  else if (kind < 11 && root.length > 1) root.delete(roll(root.length), 1)
}

const nobody = { isSpared: () => false, carets: new Set<never>(), origin: 'restore' }

describe('restoring a version of a note', () => {
  it.each([1, 2, 3])('gives back its very text, and undo what was there before (seed %i)', (seed) => {
    const roll = dice(seed)
    const doc = new Y.Doc()
    doc.clientID = 2
    const versions: Y.Doc[] = [copyOf(doc)]
    for (let i = 0; i < 60; i++) {
      edit(doc, roll)
      if (roll(6) === 0) versions.push(copyOf(doc))
    }
    for (const [i, version] of versions.entries()) {
      const now = copyOf(doc, 100 + i)
      const undo = new Y.UndoManager(rootOf(now), { trackedOrigins: new Set(['restore']) })
      restore(now, version, nobody)
      expect(textIn(now)).toBe(textIn(version))
      undo.undo()
      expect(textIn(now)).toBe(textIn(doc))
    }
  })

  it('leaves letters that stand in both as they are', () => {
    const doc = new Y.Doc()
    rootOf(doc).insert(0, [paragraph('It stays')])
    const version = copyOf(doc)
    const [text] = textsOf(rootOf(doc))
    text!.insert(2, ' really')
    const clock = Y.getState(doc.store, doc.clientID)
    restore(doc, version, nobody)
    expect(textIn(doc)).toBe('<paragraph>It stays</paragraph>')
    expect(Y.getState(doc.store, doc.clientID)).toBe(clock)
  })

  it('leaves the paragraph that a caret stands in, and in it what is spared', () => {
    const doc = new Y.Doc()
    const version = copyOf(doc)
    rootOf(doc).insert(0, [paragraph('old'), paragraph('here')])
    const [, text] = textsOf(rootOf(doc))
    const other = copyOf(doc, 9)
    textsOf(rootOf(other))[0]!.insert(3, ' and new')
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other))
    restore(doc, version, { isSpared: (client) => client === 9, carets: new Set([text!]), origin: null })
    expect(textIn(doc)).toBe('<paragraph> and new</paragraph><paragraph></paragraph>')
  })

  it.each(Array.from({ length: 12 }, (_, i) => i + 1))('loses no letter of somebody who types on all the while (seed %i)', (seed) => {
    const roll = dice(seed * 7_919)
    const doc = new Y.Doc()
    doc.clientID = 2
    const versions = [copyOf(doc)]
    for (let i = 0; i < 40; i++) {
      edit(doc, roll)
      if (roll(8) === 0) versions.push(copyOf(doc))
    }
    const [restorer, typist] = [doc, copyOf(doc, 77)]
    const rescue = new Rescue(restorer)
    const lines = { toTypist: [] as Uint8Array[], toRestorer: [] as Uint8Array[] }
    restorer.on('update', (bytes: Uint8Array, origin: unknown) => origin !== 'line' && lines.toTypist.push(bytes))
    typist.on('update', (bytes: Uint8Array, origin: unknown) => origin !== 'line' && lines.toRestorer.push(bytes))
    const deliver = (to: Y.Doc, line: Uint8Array[], count: number) =>
      line.splice(0, count).forEach((bytes) => Y.applyUpdate(to, bytes, 'line'))
    const typed: string[] = []
    const since = Y.getState(restorer.store, 77)
    let target: Y.XmlText | undefined
    for (let step = 0; step < 150; step++) {
      // a private-use letter each, so that every one can be found again
      const letter = String.fromCharCode(0xe000 + typed.length)
      if (roll(9) === 0 || !target || target._item?.deleted) {
        const texts = textsOf(rootOf(typist))
        target = texts[roll(Math.max(1, texts.length))]
        if (!target) rootOf(typist).insert(0, [paragraph('')])
      }
      if (target && !target._item?.deleted) {
        target.insert(roll(target.length + 1), letter)
        typed.push(letter)
      }
      if (roll(12) === 0) {
        const isSpared = (client: number, clock: number) => (client === 77 && clock >= since) || rescue.holds(client, clock)
        rescue.watch(restore(restorer, versions[roll(versions.length)]!, { isSpared, carets: new Set(), origin: 'restore' }))
      }
      deliver(typist, lines.toTypist, roll(3))
      deliver(restorer, lines.toRestorer, roll(3))
    }
    while (lines.toTypist.length + lines.toRestorer.length > 0) {
      deliver(restorer, lines.toRestorer, Infinity)
      deliver(typist, lines.toTypist, Infinity)
    }
    expect(typed.filter((letter) => !textIn(restorer).includes(letter))).toEqual([])
    expect(typed.length).toBeGreaterThan(100)
    expect(textIn(typist)).toBe(textIn(restorer))
  })
})
