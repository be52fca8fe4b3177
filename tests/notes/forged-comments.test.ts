import { afterAll, beforeAll, expect, it } from 'vitest'
import * as Y from 'yjs'
import { commentField } from '#shared/contracts/comment.ts'
import { commentsNote } from '#shared/contracts/note-id.ts'
import { close, noteField, noteSchema, readerClient } from '#shared/contracts/notes-wire.ts'
import { mayHold } from '#shared/contracts/note-contents.ts'
import { noteRight } from '#shared/domain/comments.ts'
import { Ground } from '../../server/rooms/ground.ts'
import { createNoteDocument } from '../../server/rooms/note-document.ts'
import { judgeUpdate } from '../../server/rooms/validator.ts'
import { type Dice, diceFrom, oneOf } from './dice.ts'
import { actor, ana, bo, noteA, officeId, TestOffice } from './office.ts'
import type { Tab, Writer } from './tab.ts'

const seed = Date.now() % 1_000_000
const variants = 500
const [field, other] = [commentField('comment000000001'), commentField('comment000000002')]
/** The colleague's document, and the forger's own. */
const [theirs, own] = [commentsNote(noteA, ana), commentsNote(noteA, bo)]

let office: TestOffice
let victim: Writer
let forger: Tab
/** Client ids that the forger was granted: for comments of their own, and for the note. */
let granted: { own: number; note: number }

beforeAll(async () => {
  console.log(`seed ${seed}`)
  const access = { divisionId: null, ownerId: null, readerIds: [] }
  office = await TestOffice.start({ judge: async (_officeId, memberId, note) => noteRight(actor(memberId), access, note) })
  victim = await office.tab(ana).open(theirs)
  write(victim.doc, field, 'What the client said: no.')
  await victim.allSaved()
  forger = office.tab(bo)
  granted = { own: (await office.grant(bo, own)).clientId, note: (await office.grant(bo, noteA)).clientId }
})
afterAll(() => office.close())

function write(doc: Y.Doc, root: string, text: string): void {
  const paragraph = new Y.XmlElement('paragraph')
  paragraph.insert(0, [new Y.XmlText(text)])
  doc.getXmlFragment(root).push([paragraph])
}

const words = (doc: Y.Doc) => (doc.getXmlFragment(field).get(0) as Y.XmlElement).get(0) as Y.XmlText

/** What a forger would do to a colleague's words. */
const edits: readonly ((doc: Y.Doc, dice: Dice) => void)[] = [
  (doc, dice) => words(doc).insert(dice(words(doc).length + 1), oneOf(dice, ['yes', ' not', '🙂', 'é'])),
  (doc, dice) => words(doc).delete(dice(words(doc).length - 1), 1),
  (doc, dice) => words(doc).format(0, 1 + dice(5), { strike: {} }),
  (doc) => doc.getXmlFragment(field).delete(0, 1),
  (doc, dice) => write(doc, oneOf(dice, [field, other]), 'in their name'),
  (doc, dice) => (doc.getXmlFragment(field).get(0) as Y.XmlElement).setAttribute(oneOf(dice, ['id', 'class']), 'x'),
]

/** A hand-made update of the colleague's document, under this client id. */
function forgedUpdate(dice: Dice, clientId: number): Uint8Array {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(victim.doc))
  doc.clientID = clientId
  const before = Y.encodeStateVector(doc)
  doc.transact(() => oneOf(dice, edits)(doc, dice))
  return Y.encodeStateAsUpdate(doc, before)
}

const stored = async () => ({ theirs: await office.store.note(officeId, theirs), shown: victim.doc.getXmlFragment(field).toString() })

it(`S4.12 ${variants} hand-made updates of a colleague’s comment: nothing of them is stored or shown`, async () => {
  const dice = diceFrom(seed)
  const before = await stored()
  const foreign = [victim.open.clientId, granted.own, granted.note, 1, 2 ** 31 - 1]
  for (let i = 0; i < variants; i++) {
    const update = forgedUpdate(dice, oneOf(dice, foreign))
    // as one who may read it, which is all that its document is opened for
    const asReader = dice(3) > 0
    const clientId = asReader ? readerClient : oneOf(dice, foreign)
    const channel = forger.raw({ note: theirs, epoch: 1, schema: noteSchema, clientId })
    channel.sync(oneOf(dice, [1, 2]), update)
    if (!asReader) expect(await channel.closed).toBe(close.foreignClient)
    else {
      await channel.isOpen
      channel.leave()
    }
  }
  await forger.roundTrip()
  expect(await stored()).toEqual(before)
  expect(victim.closes).toEqual([])
  victim.doc.transact(() => words(victim.doc).insert(0, 'And yet: '))
  await victim.allSaved()
})

it(`S4.12 ${variants} hand-made updates of one’s own document that hold a colleague’s words, or stand in no comment: refused`, () => {
  const dice = diceFrom(seed + 1)
  const ground = new Ground(createNoteDocument())
  const isField = (name: string) => mayHold(own, name)
  for (let i = 0; i < variants; i++) {
    const doc = new Y.Doc()
    const isForeign = dice(2) === 0
    doc.clientID = isForeign ? oneOf(dice, [victim.open.clientId + 1_000, granted.note + 2_000, 1]) : granted.own
    const root = isForeign
      ? field
      : oneOf(dice, [noteField, 'comment-', 'comment-short', `${field}.x`, 'comments', '__proto__', 'Comment-comment000000001'])
    write(doc, root, oneOf(dice, ['in their name', 'x', '🙂']))
    const verdict = judgeUpdate(Y.encodeStateAsUpdate(doc), new Set([granted.own]), ground, 'editor', isField)
    expect([root, verdict.kind, 'code' in verdict && verdict.code]).toEqual([
      root,
      'refused',
      isForeign ? close.foreignClient : close.malformed,
    ])
  }
})

it('S4.12 the same text under one’s own client id, in a comment of one’s own, is taken', () => {
  const doc = new Y.Doc()
  doc.clientID = granted.own
  write(doc, other, 'in my own name')
  const ground = new Ground(createNoteDocument())
  const verdict = judgeUpdate(Y.encodeStateAsUpdate(doc), new Set([granted.own]), ground, 'editor', (name) => mayHold(own, name))
  expect(verdict).toMatchObject({ kind: 'accepted', fresh: true })
})
