import type * as decoding from 'lib0/decoding'
import * as Y from 'yjs'
import type { DeleteSet, Struct } from './known.ts'

/** How many structs one update may have, and how many ranges of deletes: about a second of everybody's time, and more than any text needs. */
const maxStructs = 60_000
const maxRanges = 200_000

class TooMany extends Error {}

/** Where the decoder of the present call has come to: Yjs makes it, and keeps it to itself. */
let reader: decoding.Decoder | null = null
const position = (): number | undefined => reader?.pos

/** Two blocks of one client are refused: `applyUpdate` would read only the second. */
class StrictDecoder extends Y.UpdateDecoderV1 {
  #structs = 0
  #ranges = 0
  #client = -1
  #others: Set<number> | null = null

  constructor(decoder: decoding.Decoder) {
    super(decoder)
    reader = decoder
  }

  override readClient(): number {
    const client = super.readClient()
    // nearly every update is of one client
    if (this.#client < 0) this.#client = client
    else {
      this.#others ??= new Set([this.#client])
      if (this.#others.has(client)) throw new Error('two blocks of one client')
      this.#others.add(client)
    }
    return client
  }

  override readInfo(): number {
    if (++this.#structs > maxStructs) throw new TooMany()
    return super.readInfo()
  }

  override readDsClock(): number {
    if (++this.#ranges > maxRanges) throw new TooMany()
    return super.readDsClock()
  }
}

/** Reads all of the bytes of an update in V1, and nothing else. */
export function decodeStrictly(update: Uint8Array): { structs: Struct[]; ds: DeleteSet } | 'malformed' | 'tooMany' {
  reader = null
  try {
    const decoded = Y.decodeUpdateV2(update, StrictDecoder)
    // V2 bytes read as V1 look like an empty update with something behind it
    return position() === update.length ? decoded : 'malformed'
  } catch (error) {
    return error instanceof TooMany ? 'tooMany' : 'malformed'
  }
}
