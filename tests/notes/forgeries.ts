import * as Y from 'yjs'
import { close } from '#shared/contracts/notes-wire.ts'
import { type Dice, oneOf } from './dice.ts'
import { type Block, type Content, type Deleted, type Piece, type Ref, writeUpdate } from './update-writer.ts'
import { type Holder, holdersOf, placeIn } from './victim-note.ts'

/** What an intruder knows: a member who may write in the note, under client ids of their own. */
export interface Scene {
  /** The note as the victim sees it. */
  doc: Y.Doc
  /** The name of the text that it is about; absent: the note's. */
  field?: string
  /** The intruder's client id in this note. */
  own: number
  victim: number
  /** Client ids that are not the intruder's, or not in this note. */
  foreign: readonly number[]
}

/** Makes one frame of its kind. */
export type Forge = (scene: Scene, dice: Dice) => Uint8Array

/** A kind of forged frame, and the codes that its channel may be closed with. */
export interface Forgery {
  codes: readonly number[]
  forge: Forge
}

const clockOf = ({ doc }: Scene, client: number) => Y.getState(doc.store, client)

/** Holders of these kinds. */
function aHolder(scene: Scene, dice: Dice, isMeant: (kind: string) => boolean): Holder {
  return oneOf(
    dice,
    holdersOf(scene.doc, scene.field).filter(({ kind }) => isMeant(kind)),
  )
}

/** A letter where the intruder may write it. */
const honest = (scene: Scene, dice: Dice): Piece => ({
  content: { text: oneOf(dice, ['a', 'word ', 'é', '🙂']) },
  ...placeIn(
    aHolder(scene, dice, (kind) => kind === 'text'),
    dice,
  ),
})

/** What the intruder writes under their own client id: now and then behind something honest, or with something honest behind it. */
function own(scene: Scene, dice: Dice, pieces: readonly Piece[], deleted: readonly Deleted[] = []): Uint8Array {
  const all = [...(dice(3) === 0 ? [honest(scene, dice)] : []), ...pieces, ...(dice(4) === 0 ? [honest(scene, dice)] : [])]
  return writeUpdate([{ client: scene.own, clock: clockOf(scene, scene.own), pieces: all }], deleted)
}

/** This content in one of the places whose holders are meant. */
function contentIn(content: (dice: Dice) => Content, isMeant: (kind: string) => boolean): Forge {
  return (scene, dice) => own(scene, dice, [{ content: content(dice), ...placeIn(aHolder(scene, dice, isMeant), dice) }])
}

/** This content, with one of these keys, as an attribute of one of the holders that are meant. */
function attributeOf(key: (dice: Dice) => string, content: (dice: Dice) => Content, isMeant: (kind: string) => boolean): Forge {
  return (scene, dice) => {
    const { ref, field } = aHolder(scene, dice, isMeant)
    return own(scene, dice, [{ content: content(dice), parent: ref ?? field, key: key(dice) }])
  }
}

const elementNamed =
  (...names: readonly string[]) =>
  (dice: Dice): Content => ({ type: 3, name: oneOf(dice, names) })
const not =
  (...kinds: readonly string[]) =>
  (kind: string) =>
    !kinds.includes(kind)
const only =
  (...kinds: readonly string[]) =>
  (kind: string) =>
    kinds.includes(kind)
const anywhere = () => true

/** An address that is not there: behind what is known, of somebody who wrote nothing, or of what is only being written. */
function unknownRef(scene: Scene, dice: Dice): Ref {
  const client = oneOf(dice, [scene.own, scene.victim, ...scene.foreign, 1 + dice(2 ** 31)])
  // what comes with it under the intruder's own id is shorter
  const known = clockOf(scene, client) + (client === scene.own ? 50 : 0)
  return [client, known + oneOf(dice, [0, 1, dice(100), dice(2 ** 40)])]
}

const huge = (dice: Dice) => oneOf(dice, [2 ** 31, 2 ** 32, 2 ** 32 + 1, 2 ** 40, 2 ** 52]) + dice(1_000)

function deepValue(dice: Dice): unknown {
  let value: unknown = oneOf(dice, [1, 'x', null])
  for (let depth = 5 + dice(200); depth > 0; depth--) value = dice(2) === 0 ? [value] : { a: value }
  return value
}

const badAddress = (dice: Dice) =>
  oneOf<unknown>(dice, [
    ...[
      'javascript:alert(1)',
      'JavaScript:alert(1)',
      ' javascript:alert(1)',
      'java\nscript:x',
      'vbscript:x',
      'data:text/html,<script>',
      'blob:x',
    ],
    ...[
      '/dossiers',
      '//evil.example',
      'evil.example',
      '#x',
      '',
      'https://',
      'https://a b',
      'http:/a',
      'file:///etc/passwd',
      'ftp://a',
      'mailto: a',
    ],
    ...[`https://a.example/${'x'.repeat(4_096 + dice(100))}`, 7, null, true, ['https://a.example'], { toString: 'https://a.example' }],
  ])

const badLink = (dice: Dice): unknown =>
  oneOf<unknown>(dice, [
    { href: badAddress(dice) },
    { href: badAddress(dice), target: '_blank' },
    { href: 'https://a.example', class: 'fixed inset-0' },
    { href: 'https://a.example', onclick: 'alert(1)' },
    { href: 'https://a.example', target: '_self' },
    { href: 'https://a.example', rel: 'opener' },
    { href: 'https://a.example', style: 'position:fixed' },
    { target: '_blank' },
    {},
    'https://a.example',
    [],
    true,
  ])

const badMark = (dice: Dice): Content =>
  oneOf<Content>(dice, [
    ...['code', 'highlight', 'textStyle', 'ychange', 'Bold', 'bold ', '', 'toString', 'constructor', '__proto__', `m${dice(1_000)}`].map(
      (mark) => ({ mark, value: oneOf<unknown>(dice, [{}, null, true, { a: 1 }]) }),
    ),
    ...['bold', 'italic', 'underline', 'strike'].map((mark) => ({
      mark,
      value: oneOf<unknown>(dice, [{ style: 'x' }, true, 1, 'x', [], [1]]),
    })),
  ])

const badKey = (dice: Dice) =>
  oneOf(dice, ['style', 'class', 'onclick', 'id', 'level', 'href', 'ychange', 'Start', '', 'constructor', '__proto__', `k${dice(1_000)}`])

const badStart = (dice: Dice): Content =>
  oneOf<Content>(dice, [
    { any: ['3'] },
    { any: [1.5] },
    { any: [null] },
    { any: [{ evil: 1 }] },
    { any: [[1]] },
    { any: [true] },
    { any: [7, 8] },
    { any: ['javascript:x'] },
    { text: 'x' },
    { embed: 1 },
    { type: 3, name: 'paragraph' },
    { type: 1 },
    { json: [1] },
    { binary: new Uint8Array([1]) },
  ])

/** A block within a block, and so on, deeper than anybody writes; each of them known. */
function nested(scene: Scene, dice: Dice): Uint8Array {
  const pieces: Piece[] = [{ content: { type: 3, name: 'bulletList' }, parent: scene.field ?? 'note' }]
  const first = clockOf(scene, scene.own)
  for (let depth = 1; depth < 66 + dice(80); depth++) {
    pieces.push({ content: { type: 3, name: depth % 2 === 1 ? 'listItem' : 'bulletList' }, parent: [scene.own, first + depth - 1] })
  }
  return writeUpdate([{ client: scene.own, clock: first, pieces }])
}

/** A whole document of the intruder's own, honest, as an update. */
function honestUpdate(scene: Scene, dice: Dice): Uint8Array {
  const pieces = Array.from({ length: 1 + dice(5) }, () => honest(scene, dice))
  return writeUpdate([{ client: scene.own, clock: clockOf(scene, scene.own), pieces }])
}

function bent(scene: Scene, dice: Dice): Uint8Array {
  const whole = honestUpdate(scene, dice)
  const random = Uint8Array.from({ length: 1 + dice(60) }, () => 128 + dice(128))
  const block = (clock: number): Block => ({ client: scene.own, clock, pieces: [honest(scene, dice)] })
  return oneOf(dice, [
    whole.slice(0, 1 + dice(whole.length - 2)),
    Uint8Array.from([...whole, ...random]),
    random,
    new Uint8Array(),
    writeUpdate([block(clockOf(scene, scene.own)), block(clockOf(scene, scene.own) + 1)]),
  ])
}

const gap = [close.again]
const malformed = [close.malformed]

/** Each kind of frame that honest editors never send. */
export const forgeries: Readonly<Record<string, Forgery>> = {
  "somebody else's client id": {
    codes: [close.foreignClient],
    forge: (scene, dice) => {
      const client = oneOf(dice, scene.foreign)
      const block = { client, clock: clockOf(scene, client) + (dice(3) === 0 ? dice(50) : 0), pieces: [honest(scene, dice)] }
      const mine = { client: scene.own, clock: clockOf(scene, scene.own), pieces: [honest(scene, dice)] }
      return writeUpdate(oneOf(dice, [[block], [mine, block], [block, mine]]))
    },
  },
  'a gap before it': {
    codes: gap,
    forge: (scene, dice) => {
      const skipped = oneOf(dice, [1, 1 + dice(10), 1 + dice(100_000), huge(dice)])
      const clock = clockOf(scene, scene.own)
      const skip: Piece = { content: { skip: 1 + dice(500_000) } }
      return oneOf(dice, [
        writeUpdate([{ client: scene.own, clock: clock + skipped, pieces: [honest(scene, dice)] }]),
        writeUpdate([{ client: scene.own, clock, pieces: [skip, honest(scene, dice)] }]),
      ])
    },
  },
  'an unknown left neighbour': {
    codes: gap,
    forge: (scene, dice) => own(scene, dice, [{ content: { text: 'x' }, left: unknownRef(scene, dice) }]),
  },
  'an unknown right neighbour': {
    codes: gap,
    forge: (scene, dice) => {
      const { left } = placeIn(
        aHolder(scene, dice, (kind) => kind === 'text'),
        dice,
      )
      return own(scene, dice, [{ content: { text: 'x' }, left: dice(2) === 0 ? left : undefined, right: unknownRef(scene, dice) }])
    },
  },
  'an unknown parent': {
    codes: gap,
    forge: (scene, dice) =>
      own(scene, dice, [
        { content: oneOf<Content>(dice, [{ text: 'x' }, { type: 6 }, { type: 3, name: 'paragraph' }]), parent: unknownRef(scene, dice) },
      ]),
  },
  'a clock or a length out of all proportion': {
    codes: [...gap, ...malformed],
    forge: (scene, dice) => {
      const long = oneOf<Content>(dice, [
        { gc: huge(dice) },
        { deleted: huge(dice) },
        { skip: huge(dice) },
        { gc: Number.MAX_SAFE_INTEGER },
      ])
      return oneOf(dice, [
        writeUpdate([
          { client: scene.own, clock: oneOf(dice, [huge(dice), Number.MAX_SAFE_INTEGER - dice(10)]), pieces: [honest(scene, dice)] },
        ]),
        own(scene, dice, [{ content: long, parent: scene.field ?? 'note' }]),
      ])
    },
  },
  'deletes of what nobody wrote': {
    codes: [...gap, ...malformed],
    forge: (scene, dice) => {
      const [client, clock] = unknownRef(scene, dice)
      const known = Math.max(0, clockOf(scene, client) - 1)
      const range = oneOf(dice, [
        [clock, 1 + dice(50)],
        [known, 2 + dice(1_000)],
        [clock, huge(dice)],
        [0, 0],
      ] as const)
      return oneOf(dice, [
        writeUpdate([], [{ client, ranges: [range] }]),
        own(scene, dice, [honest(scene, dice)], [{ client, ranges: [range] }]),
      ])
    },
  },
  'the other encoding': { codes: malformed, forge: (scene, dice) => Y.convertUpdateFormatV1ToV2(honestUpdate(scene, dice)) },
  'bytes that are no update': { codes: malformed, forge: bent },
  'a block in a paragraph': {
    codes: malformed,
    forge: contentIn(elementNamed('paragraph', 'bulletList', 'orderedList'), only('paragraph', 'hardBreak', 'text')),
  },
  'a list item where no list is': { codes: malformed, forge: contentIn(elementNamed('listItem'), not('bulletList', 'orderedList')) },
  'a block in a list, beside the items': {
    codes: malformed,
    forge: contentIn(elementNamed('paragraph', 'bulletList', 'orderedList', 'hardBreak'), only('bulletList', 'orderedList')),
  },
  'a line break outside of paragraphs': { codes: malformed, forge: contentIn(elementNamed('hardBreak'), not('paragraph')) },
  'blocks nested without end': { codes: malformed, forge: nested },
  'an element that the editor does not know': {
    codes: malformed,
    forge: contentIn(
      elementNamed(
        'heading',
        'iframe',
        'script',
        'img',
        'table',
        'doc',
        'text',
        'Paragraph',
        'paragraph ',
        '',
        'constructor',
        '__proto__',
        'toString',
      ),
      anywhere,
    ),
  },
  'text outside of paragraphs': {
    codes: malformed,
    forge: contentIn((dice) => oneOf<Content>(dice, [{ text: 'x' }, { type: 6 }, { mark: 'bold', value: {} }]), not('paragraph', 'text')),
  },
  'letters beside the run of text': { codes: malformed, forge: contentIn(() => ({ text: 'x' }), only('paragraph')) },
  'a mark that the editor does not know': { codes: malformed, forge: contentIn(badMark, only('text')) },
  'a link that leads where none may': {
    codes: malformed,
    forge: contentIn((dice) => ({ mark: 'link', value: badLink(dice) }), only('text')),
  },
  'an attribute that the element does not have': {
    codes: malformed,
    forge: attributeOf(badKey, (dice) => ({ any: [oneOf<unknown>(dice, ['x', 1, null, { a: 1 }])] }), not('note')),
  },
  'a first number that is none': { codes: malformed, forge: attributeOf(() => 'start', badStart, only('orderedList')) },
  "a colleague's attribute overwritten": {
    codes: malformed,
    forge: (scene, dice) => {
      const attributes = holdersOf(scene.doc, scene.field).flatMap((holder) => holder.attributes)
      const { ref } = oneOf(dice, attributes)
      const content = badStart(dice)
      return own(scene, dice, [
        oneOf<Piece>(dice, [
          { content, left: ref },
          { content, right: ref },
          { content: { any: [5] }, right: ref },
        ]),
      ])
    },
  },
  'neighbours that stand in two different places': {
    codes: malformed,
    forge: (scene, dice) => {
      const holders = holdersOf(scene.doc, scene.field).filter(({ children }) => children.length > 0)
      const first = dice(holders.length)
      const [one, other] = [holders[first], holders[(first + 1 + dice(holders.length - 1)) % holders.length]]
      const content = oneOf<Content>(dice, [{ text: 'x' }, { type: 3, name: 'paragraph' }, { type: 3, name: 'listItem' }, { type: 6 }])
      return own(scene, dice, [{ content, left: one?.children[0]?.last, right: other?.children[0]?.first }])
    },
  },
  'another root': {
    codes: malformed,
    forge: (scene, dice) => {
      const parent = oneOf(dice, ['', 'Note', 'note ', 'default', 'prosemirror', 'meta', '__proto__', `root${dice(1_000)}`])
      const content = oneOf<Content>(dice, [{ text: 'x' }, { type: 3, name: 'paragraph' }, { any: [1] }, { deleted: 1 }])
      return own(scene, dice, [
        oneOf<Piece>(dice, [
          { content, parent },
          { content, parent, key: badKey(dice) },
          { content, parent: scene.field ?? 'note', key: badKey(dice) },
        ]),
      ])
    },
  },
  'another type': {
    codes: malformed,
    forge: contentIn(
      (dice) => oneOf<Content>(dice, [{ type: 0 }, { type: 1 }, { type: 2 }, { type: 4 }, { type: 5, name: 'x' }, { type: 7 + dice(90) }]),
      anywhere,
    ),
  },
  'a document in the document': { codes: malformed, forge: contentIn((dice) => ({ document: `doc${dice(1_000)}` }), anywhere) },
  'a picture in the text': {
    codes: malformed,
    forge: contentIn(
      (dice) => ({
        embed: oneOf<unknown>(dice, [{ image: 'https://evil.example/x.png' }, { type: 'iframe' }, 1, null, [], deepValue(dice)]),
      }),
      anywhere,
    ),
  },
  'values in a row with letters': {
    codes: malformed,
    forge: contentIn(
      (dice) =>
        oneOf<Content>(dice, [
          { json: [1, { a: 1 }] },
          { json: ['x'] },
          { binary: new Uint8Array(dice(20)) },
          { any: [1, 'x'] },
          { any: [{ insert: 'x' }] },
        ]),
      anywhere,
    ),
  },
  'values that are too deep': {
    codes: malformed,
    forge: (scene, dice) =>
      oneOf(dice, [
        contentIn((inner) => ({ mark: oneOf(inner, ['bold', 'link', 'x']), value: deepValue(inner) }), only('text')),
        attributeOf(
          () => 'start',
          (inner) => ({ any: [deepValue(inner)] }),
          only('orderedList'),
        ),
      ])(scene, dice),
  },
}
