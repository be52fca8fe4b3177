import * as Y from 'yjs'
import type { NoteLog } from '../store/store.ts'
import { Ground } from './ground.ts'
import { emptyStep2, step1, step2, update } from './messages.ts'
import type { Slice } from './compactor.ts'
import { applyStored, createNoteDocument, restore } from './note-document.ts'
import type { Stroke } from './run.ts'
import { stateVectorOf } from './state-vector.ts'

/** How large a note may grow, in bytes as one update. */
const maxNoteBytes = 8 * 1024 * 1024
/** So many updates that follow one another go out as one. */
const mergedAtOnce = 32
/** A document of more bytes is built bit by bit: in one go it would take longer than 20 ms. */
const heavyBytes = 64 * 1024

/**
 * What a room holds of its note: a document while somebody writes, for an update is judged on it and stands in it from then on, before it is
 * stored; else the bytes as they are stored, which is all that readers need. A note with a million edits is thus shown without building anything.
 */
export class NoteBody {
  /** The last number of the log that this holds. */
  seq: number
  /** How many bytes it takes to store it, about, what is queued included: what was compacted counts as it is now. */
  bytes = 0
  #doc: Y.Doc | null = null
  #ground: Ground | null = null
  #building: Promise<void> | null = null
  #parts: Uint8Array[] = []
  #clocks = new Map<number, number>()

  private constructor(seq: number) {
    this.seq = seq
  }

  /** Of a note as it is stored; `left`: numbers of updates that cannot be applied and were left out, so that the rest is not lost. */
  static of({ snapshot, updates }: NoteLog): { body: NoteBody; left: number[] } {
    const body = new NoteBody(updates.at(-1)?.seq ?? snapshot?.seq ?? 0)
    if (snapshot) {
      // a snapshot was read back before it took the place of its updates, and what follows it went through the validator
      body.#parts = [snapshot.bytes, ...updates.map(({ bytes }) => bytes)]
      body.#clocks = Y.decodeStateVector(snapshot.vector)
      for (const { bytes } of updates) body.#count(bytes)
      body.bytes = body.#parts.reduce((sum, { length }) => sum + length, 0)
      return { body, left: [] }
    }
    const { doc, left } = restore(updates.map(({ bytes }) => bytes))
    body.#doc = doc
    body.rest()
    return { body, left: left.map((i) => updates[i]?.seq ?? 0) }
  }

  /** The document, built when it is first needed. */
  get doc(): Y.Doc {
    if (!this.#doc) {
      this.#doc = restore(this.#parts).doc
      this.#parts = []
    }
    return this.#doc
  }

  /** Would building the document hold up everybody? */
  get isHeavy(): boolean {
    return !this.#doc && this.bytes > heavyBytes
  }

  /** Builds the document bit by bit, while others go on; once, however many ask. Where it cannot be cut it is left to be built in one go. */
  build(slice: Slice): Promise<void> {
    return (this.#building ??= this.#build(slice).finally(() => (this.#building = null)))
  }

  async #build(slice: Slice): Promise<void> {
    const parts = [...this.#parts]
    const doc = createNoteDocument()
    const apply = async (pieces: readonly Uint8Array[]) => {
      for (const piece of pieces) {
        applyStored(doc, [piece])
        await new Promise(setImmediate)
      }
    }
    try {
      await apply(await slice(parts))
      // what others have stored meanwhile
      for (let done = parts.length; done < this.#parts.length; done++) await apply(this.#parts.slice(done, done + 1))
    } catch {
      return
    }
    if (this.#doc || this.#parts[0] !== parts[0]) return
    this.#doc = doc
    this.#parts = []
  }

  /** What updates are judged on; builds the document. */
  get ground(): Ground {
    return (this.#ground ??= new Ground(this.doc))
  }

  /** Takes an update that was judged and is to be stored. Throws where Yjs cannot apply it: this body is of no use any more then. */
  take(bytes: Uint8Array): void {
    this.ground.add(bytes)
    this.bytes += bytes.length
  }

  /** Is there a document in memory? */
  get isBuilt(): boolean {
    return this.#doc !== null
  }

  /** Takes over what others stored. Throws where Yjs cannot apply it: this body is of no use any more then. */
  advance(updates: readonly Uint8Array[], seq: number): void {
    if (this.#doc) applyStored(this.#doc, updates)
    else {
      for (const bytes of updates) {
        this.#parts.push(bytes)
        this.#count(bytes)
      }
    }
    this.bytes += updates.reduce((sum, { length }) => sum + length, 0)
    this.seq = seq
  }

  /** "This is what is here: tell what is lacking." */
  ask(): Uint8Array {
    return step1(this.#doc ? Y.encodeStateVector(this.#doc) : stateVectorOf(this.#clocks))
  }

  /** The messages that bring a client from its state vector up to here, the last a step 2. Throws where the vector is malformed. */
  answer(vector: Uint8Array): Uint8Array[] {
    if (this.#doc) return [step2(Y.encodeStateAsUpdate(this.#doc, vector))]
    const isEmpty = Y.decodeStateVector(vector).size === 0
    const [first, ...tail] = isEmpty ? this.#parts : this.#parts.map((bytes) => Y.diffUpdate(bytes, vector))
    const messages = first ? [update(first)] : []
    // never all in one: merging is quadratic
    for (let from = 0; from < tail.length; from += mergedAtOnce)
      messages.push(update(Y.mergeUpdates(tail.slice(from, from + mergedAtOnce))))
    return [...messages, emptyStep2]
  }

  /** Is there no room for so many bytes more? What was deleted takes none. */
  isFull(more: number): boolean {
    const exceeds = () => this.bytes + more > maxNoteBytes
    if (exceeds() && this.#doc) this.bytes = Y.encodeStateAsUpdate(this.#doc).length
    return exceeds()
  }

  /** Nobody writes: the document goes, its bytes stay. */
  rest(): void {
    if (!this.#doc) return
    this.#clocks = new Map(Y.decodeStateVector(Y.encodeStateVector(this.#doc)))
    this.#parts = this.#clocks.size > 0 ? [Y.encodeStateAsUpdate(this.#doc)] : []
    this.bytes = this.#parts.reduce((sum, { length }) => sum + length, 0)
    this.#doc.destroy()
    this.#doc = this.#ground = null
  }

  #count(bytes: Uint8Array): void {
    for (const [client, clock] of Y.parseUpdateMeta(bytes).to) this.#clocks.set(client, Math.max(clock, this.#clocks.get(client) ?? 0))
  }
}

/** What of a log comes after this number. What was compacted since comes in the snapshot: the whole of it is, once more, an update. */
export function missedBy(seq: number, { snapshot, updates }: NoteLog): (Stroke & { bytes: Uint8Array })[] {
  const whole = snapshot ? [{ ...snapshot, memberId: null, at: updates[0]?.at ?? 0 }] : []
  return [...whole, ...updates].filter((each) => each.seq > seq).map(({ seq, memberId, at, bytes }) => ({ seq, memberId, at, bytes }))
}
