import type { Frame } from '#shared/contracts/notes-frame.ts'
import { kind, maxFrameBytes, maxMessageBytes } from '#shared/contracts/notes-wire.ts'

/** What a frame makes of the message it belongs to. */
export type Assembled = { state: 'whole'; message: Uint8Array } | { state: 'waiting' } | { state: 'tooLarge' } | { state: 'interrupted' }

/** Honest clients make parts of 64 KB: as many bytes in more of them would be held at too high a price. */
const maxParts = 256

/** Puts messages together that come in parts. Those of one message follow one another without a break, so a line has one in the making at most. */
export class Assembly {
  #channel = 0
  #parts: Uint8Array[] = []
  #bytes = 0

  /** Takes the line's next frame. `interrupted`: it came where the rest of a message was to come. */
  take({ channel, kind: frameKind, payload }: Frame): Assembled {
    const isBegun = this.#parts.length > 0
    const isPart = frameKind === kind.part
    if (isBegun && (channel !== this.#channel || !(isPart || frameKind === kind.data))) return { state: 'interrupted' }
    if (payload.length > maxFrameBytes || this.#bytes + payload.length > maxMessageBytes || this.#parts.length >= maxParts) {
      this.#takeAll()
      return { state: 'tooLarge' }
    }
    if (!isBegun && !isPart) return { state: 'whole', message: payload }
    this.#channel = channel
    this.#parts.push(payload)
    this.#bytes += payload.length
    return isPart ? { state: 'waiting' } : { state: 'whole', message: Buffer.concat(this.#takeAll()) }
  }

  #takeAll(): Uint8Array[] {
    this.#bytes = 0
    return this.#parts.splice(0)
  }
}
