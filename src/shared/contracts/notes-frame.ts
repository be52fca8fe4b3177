import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { decodeUtf8, encodeUtf8 } from 'lib0/string'
import { kind, OpenChannel, type Kind } from './notes-wire.ts'

export interface Frame {
  channel: number
  kind: Kind
  payload: Uint8Array<ArrayBuffer>
}

const kinds: ReadonlySet<number> = new Set(Object.values(kind))
const isKind = (value: number): value is Kind => kinds.has(value)

/** The bytes of a frame. */
export function encodeFrame(channel: number, kind: Kind, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  return channel < 0x80 ? encodeShort(channel, kind, payload) : encodeLong(channel, kind, payload)
}

/** Nearly every frame: channel and kind are a byte each, and a copy is all that remains. */
function encodeShort(channel: number, kind: Kind, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(2 + payload.length)
  bytes[0] = channel
  bytes[1] = kind
  bytes.set(payload, 2)
  return bytes
}

function encodeLong(channel: number, kind: Kind, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, channel)
    encoding.writeVarUint(encoder, kind)
    encoding.writeUint8Array(encoder, payload)
  })
}

/** The frame in these bytes (the payload is a view on them); null where they are none. */
export function decodeFrame(bytes: Uint8Array<ArrayBuffer>): Frame | null {
  try {
    const decoder = decoding.createDecoder(bytes)
    const channel = decoding.readVarUint(decoder)
    const frameKind = decoding.readVarUint(decoder)
    return isKind(frameKind) ? { channel, kind: frameKind, payload: bytes.subarray(decoder.pos) } : null
  } catch {
    return null
  }
}

/** Payload of the server's `close`. */
export function encodeClose(code: number, reason: string): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, code)
    encoding.writeUint8Array(encoder, encodeUtf8(reason))
  })
}

/** What the server's `close` says. Throws where the payload is malformed. */
export function decodeClose(payload: Uint8Array): { code: number; reason: string } {
  const decoder = decoding.createDecoder(payload)
  const code = decoding.readVarUint(decoder)
  return { code, reason: decodeUtf8(payload.subarray(decoder.pos)) }
}

/** Payload of the client's `open`. */
export function encodeOpen(open: OpenChannel): Uint8Array {
  return encodeUtf8(JSON.stringify(open))
}

/** What the client's `open` asks for; null where it is malformed. */
export function decodeOpen(payload: Uint8Array): OpenChannel | null {
  try {
    return OpenChannel.parse(JSON.parse(decodeUtf8(payload)))
  } catch {
    return null
  }
}

/** Payload of `saved`. */
export function encodeCount(n: number): Uint8Array {
  return encoding.encode((encoder) => encoding.writeVarUint(encoder, n))
}

/** The count in a payload of `saved`. Throws where it is malformed. */
export function decodeCount(payload: Uint8Array): number {
  return decoding.readVarUint(decoding.createDecoder(payload))
}
