import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { crc32 } from 'node:zlib'
import type { NoteAppend } from '../store.ts'

/** An append whose right has been judged. */
export type JudgedAppend = Omit<NoteAppend, 'fence'>
/** What one half of the journal holds. */
export interface Half {
  generation: number
  appends: JudgedAppend[]
}

/**
 * A record of the journal: the length of its body (32 bits, big endian), a checksum of what follows (CRC-32), the generation of the half it
 * stands in (a double), and the body: appends one after the other.
 */
const [lengthAt, checksumAt, generationAt, bodyAt] = [0, 4, 8, 16]

/** One record of these appends, for `stamp` to be completed. */
export function encodeRecord(appends: readonly JudgedAppend[]): Uint8Array<ArrayBuffer> {
  const record = encoding.encode((encoder) => {
    for (let i = 0; i < bodyAt; i++) encoding.write(encoder, 0)
    for (const append of appends) writeAppend(encoder, append)
  })
  viewOf(record).setUint32(lengthAt, record.length - bodyAt)
  return record as Uint8Array<ArrayBuffer>
}

/** Says of a record in which generation it was written, in place. */
export function stamp(record: Uint8Array, generation: number): void {
  const view = viewOf(record)
  view.setFloat64(generationAt, generation)
  view.setUint32(checksumAt, crc32(record.subarray(generationAt)))
}

/**
 * Reads records from the beginning, up to the first that is torn, blank or of another generation: only what was not acknowledged can
 * stand after it. Null: there is none.
 */
export function decodeHalf(bytes: Uint8Array): Half | null {
  let half: Half | null = null
  for (let at = 0; ;) {
    const record = recordAt(bytes, at)
    if (!record) return half
    const generation = viewOf(record).getFloat64(generationAt)
    half ??= { generation, appends: [] }
    if (generation !== half.generation) return half
    readAppends(record, half.appends)
    at += record.length
  }
}

/** The appends of records that are whole, in order. */
export function decodeRecords(records: Uint8Array): JudgedAppend[] {
  return decodeHalf(records)?.appends ?? []
}

function recordAt(bytes: Uint8Array, at: number): Uint8Array | null {
  if (bytes.length < at + bodyAt) return null
  const view = viewOf(bytes)
  const length = view.getUint32(at + lengthAt)
  // the checksum of nothing would fit a blank page
  if (length === 0 || bytes.length < at + bodyAt + length) return null
  const record = bytes.subarray(at, at + bodyAt + length)
  return crc32(record.subarray(generationAt)) === view.getUint32(at + checksumAt) ? record : null
}

function writeAppend(encoder: encoding.Encoder, { officeId, note, epoch, seq, memberId, at, bytes }: JudgedAppend): void {
  for (const id of [officeId, note, memberId]) encoding.writeVarString(encoder, id)
  for (const number of [epoch, seq, at]) encoding.writeVarUint(encoder, number)
  encoding.writeVarUint8Array(encoder, bytes)
}

function readAppends(record: Uint8Array, into: JudgedAppend[]): void {
  const decoder = decoding.createDecoder(record.subarray(bodyAt))
  const id = () => decoding.readVarString(decoder)
  const number = () => decoding.readVarUint(decoder)
  while (decoding.hasContent(decoder)) {
    const [officeId, note, memberId] = [id(), id(), id()]
    const [epoch, seq, at] = [number(), number(), number()]
    into.push({ officeId, note, epoch, seq, memberId, at, bytes: decoding.readVarUint8Array(decoder) })
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}
