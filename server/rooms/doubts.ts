import { close } from '#shared/contracts/notes-wire.ts'
import type { Participant } from './participant.ts'
import type { Verdict } from './validator.ts'

/** A sync frame of a channel, as it was received. */
interface Frame {
  frame: number
  bytes: Uint8Array
}

interface DoubtsOptions {
  /** Makes ready what a frame is judged on: the log read to its end, which client ids are this member's by now, the document. */
  readOn: (from: Participant) => Promise<void>
  /** Judges a frame for the last time; false: nothing more of this channel is taken. */
  judge: (from: Participant, frame: number, bytes: Uint8Array) => boolean
  /** A channel does not wait any more. `error`: the log could not be read, and the channel is closed. */
  settled: (error?: unknown) => void
}

/**
 * Channels whose next frame builds on something that is not known here: whoever comes from another node brings what colleagues wrote there.
 * Each waits, with all that follows on it, until the log was read to its end; and where a long note has no document yet, until it has.
 */
export class Doubts {
  readonly #options: DoubtsOptions
  readonly #held = new Map<Participant, Frame[]>()

  constructor(options: DoubtsOptions) {
    this.#options = options
  }

  /** How many channels wait. */
  get size(): number {
    return this.#held.size
  }

  /** Does this channel wait? */
  has(from: Participant): boolean {
    return this.#held.has(from)
  }

  /** Keeps a frame until the log was read, behind those of its channel that wait already. */
  hold(from: Participant, frame: number, bytes: Uint8Array): false {
    const held = this.#held.get(from)
    if (held) held.push({ frame, bytes })
    else {
      this.#held.set(from, [{ frame, bytes }])
      void this.#settle(from)
    }
    return false
  }

  /** Forgets what waits of this channel, or of all. */
  forget(from?: Participant): void {
    if (from) this.#held.delete(from)
    else this.#held.clear()
  }

  async #settle(from: Participant): Promise<void> {
    const { readOn, judge, settled } = this.#options
    try {
      await readOn(from)
      const held = this.#held.get(from) ?? []
      this.#held.delete(from)
      for (const { frame, bytes } of held) if (!judge(from, frame, bytes)) break
      settled()
    } catch (error) {
      this.#held.delete(from)
      from.close(close.again, 'not available')
      settled(error)
    }
  }
}

/** Might this be judged otherwise by who knows more of the log? What others wrote is refused as foreign where it is not known. */
export function isDoubtful(verdict: Verdict): boolean {
  return verdict.kind === 'gap' || (verdict.kind === 'refused' && verdict.code === close.foreignClient)
}
