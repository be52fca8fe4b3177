import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'
import { noteField } from '#shared/contracts/notes-wire.ts'

/** The clock of a writer's first letter: before it come its paragraph and the text in it. */
export const firstLetter = 2

/** A paragraph of this client's own at the start of the note, with nothing in it yet. */
export function ownParagraph(clientId: number): Uint8Array {
  const doc = new Y.Doc()
  doc.clientID = clientId
  const paragraph = new Y.XmlElement('paragraph')
  paragraph.insert(0, [new Y.XmlText()])
  doc.getXmlFragment(noteField).insert(0, [paragraph])
  return Y.encodeStateAsUpdate(doc)
}

/** The update that a client's letter at this clock makes, behind the letter before it: the bytes that Yjs would write. */
export function letter(clientId: number, clock: number): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, 1)
    encoding.writeVarUint(encoder, 1)
    encoding.writeVarUint(encoder, clientId)
    encoding.writeVarUint(encoder, clock)
    if (clock === firstLetter) encoding.writeUint8Array(encoder, inText)
    else encoding.writeUint8(encoder, behind | content.string)
    encoding.writeVarUint(encoder, clientId)
    encoding.writeVarUint(encoder, clock - 1)
    encoding.writeVarString(encoder, String.fromCharCode(97 + (clock % 26)))
    encoding.writeVarUint(encoder, 0)
  })
}

/** Kinds of content in V1, and the flags beside them. */
const content = { collected: 0, deleted: 1, string: 4, type: 7, skip: 10 } as const
const behind = 0x80
const before = 0x40
const xmlElement = 3
/** The first letter: its parent is named by its id. */
const inText = new Uint8Array([content.string, 0])

/**
 * Tells of each run of letters in a V1 update whose they are and which clocks they have (`end`: the next one). Reads no more than that:
 * plain letters, paragraphs, and what was deleted. Throws on anything else.
 */
export function eachRun(update: Uint8Array, tell: (clientId: number, clock: number, end: number) => void): void {
  const decoder = decoding.createDecoder(update)
  for (let clients = decoding.readVarUint(decoder); clients > 0; clients--) {
    let structs = decoding.readVarUint(decoder)
    const clientId = decoding.readVarUint(decoder)
    let clock = decoding.readVarUint(decoder)
    for (; structs > 0; structs--) {
      const info = decoding.readUint8(decoder)
      const kind = info & 0x1f
      if (kind !== content.collected && kind !== content.skip) passNeighbours(decoder, info)
      const length = readLength(decoder, kind)
      if (kind === content.string) tell(clientId, clock, clock + length)
      clock += length
    }
  }
}

function passNeighbours(decoder: decoding.Decoder, info: number): void {
  if (info & behind) passId(decoder)
  if (info & before) passId(decoder)
  if (info & (behind | before)) return
  if (decoding.readVarUint(decoder) === 1) passBytes(decoder)
  else passId(decoder)
}

/** How many clocks it takes. Letters are one byte each here. */
function readLength(decoder: decoding.Decoder, kind: number): number {
  if (kind === content.string) return passBytes(decoder)
  if (kind === content.collected || kind === content.deleted || kind === content.skip) return decoding.readVarUint(decoder)
  if (kind !== content.type) throw new Error(`content ${kind} is not counted here`)
  if (decoding.readVarUint(decoder) === xmlElement) passBytes(decoder)
  return 1
}

function passId(decoder: decoding.Decoder): void {
  decoding.readVarUint(decoder)
  decoding.readVarUint(decoder)
}

function passBytes(decoder: decoding.Decoder): number {
  const length = decoding.readVarUint(decoder)
  decoder.pos += length
  return length
}
