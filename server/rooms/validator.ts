import type * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'
import { close, type CloseCode, maxFrameBytes, noteField } from '#shared/contracts/notes-wire.ts'

/**
 * What stands in front of Yjs: only an update that `Y.applyUpdate` integrates completely, without throwing and without leaving
 * anything pending, may reach the log, for whatever is in the log is applied by every reader for ever.
 * The editor's schema and the limits of rate and amount are judged elsewhere.
 */

/** What a room knows: clocks of what is committed and of what is queued to be. */
export interface Known {
  /** The next clock of this client id: 0 when nothing of it is known. */
  clock(client: number): number
  /** Is everything in this range known and already deleted in the committed state? */
  isDeleted(client: number, clock: number, length: number): boolean
}

export type Verdict =
  /** `bytes`: what is not known yet of it; `clocks`: the clocks that raises; `fresh`: it is something. */
  | { kind: 'accepted'; fresh: boolean; clocks: ReadonlyMap<number, number>; bytes: Uint8Array }
  /** Something it builds on is not known (here, or yet). */
  | { kind: 'gap' }
  | { kind: 'refused'; code: CloseCode; reason: string }

type Struct = Y.Item | Y.GC | Y.Skip

/** Beyond it numbers lose their last digit; also keeps one struct from eating the clock. */
const maxStructLength = 1_000_000
/** Values of attributes and marks are flat in this editor; deep ones overflow the stack of whoever reads them. */
const maxValueDepth = 4

const refuse = (reason: string, code: CloseCode = close.malformed): Verdict => ({ kind: 'refused', code, reason })

/**
 * Judges one V1 update of a member.
 * @param update the bytes, as received
 * @param own client ids issued to this member for this note: the only ones that may write something new
 * @param known what the room knows, committed and queued
 */
export function judgeUpdate(update: Uint8Array, own: ReadonlySet<number>, known: Known): Verdict {
  if (update.length > maxFrameBytes) return refuse('too large', close.excess)
  const received = decode(update)
  if (!received) return refuse('malformed')
  for (const struct of received.structs) {
    const wrong = wrongForm(struct)
    if (wrong) return refuse(wrong)
  }
  const bytes = withoutKnown(update, received.structs, known)
  const { structs, ds } = bytes === update ? received : Y.decodeUpdate(bytes)
  if (structs.some((struct) => !own.has(struct.id.client))) return refuse('another client id', close.foreignClient)
  const clocks = integrate(structs, known)
  return clocks ? judgeDeletes(bytes, ds, clocks, known) : { kind: 'gap' }
}

/**
 * Cuts off what is known already (work sent again after a reconnect). Yjs takes a half-known struct's parent from the bytes but its
 * neighbour from the document, and throws where the two do not fit.
 */
function withoutKnown(update: Uint8Array, structs: readonly Struct[], known: Known): Uint8Array {
  const overlaps = structs.some((struct) => struct.id.clock < known.clock(struct.id.client))
  if (!overlaps) return update
  const clocks = new Map(structs.map(({ id: { client } }) => [client, known.clock(client)]))
  const stateVector = encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, clocks.size)
    for (const [client, clock] of clocks) {
      encoding.writeVarUint(encoder, client)
      encoding.writeVarUint(encoder, clock)
    }
  })
  return Y.diffUpdate(update, stateVector)
}

function judgeDeletes(bytes: Uint8Array, ds: DeleteSet, clocks: ReadonlyMap<number, number>, known: Known): Verdict {
  let fresh = clocks.size > 0
  for (const [client, ranges] of ds.clients) {
    const limit = clocks.get(client) ?? known.clock(client)
    for (const { clock, len } of ranges) {
      if (len < 1) return refuse('empty range')
      if (clock + len > limit) return { kind: 'gap' }
      fresh ||= !known.isDeleted(client, clock, len)
    }
  }
  return { kind: 'accepted', fresh, clocks, bytes }
}

type DeleteSet = ReturnType<typeof Y.decodeUpdateV2>['ds']

/** Reads all of the bytes, or null. Two blocks of one client are refused: `applyUpdate` would read only the second. */
function decode(update: Uint8Array): { structs: Struct[]; ds: DeleteSet } | null {
  let reader: decoding.Decoder | undefined
  const clients = new Set<number>()
  class StrictDecoder extends Y.UpdateDecoderV1 {
    constructor(decoder: decoding.Decoder) {
      super(decoder)
      reader = decoder
    }
    override readClient(): number {
      const client = super.readClient()
      if (clients.has(client)) throw new Error('two blocks of one client')
      clients.add(client)
      return client
    }
  }
  try {
    const decoded = Y.decodeUpdateV2(update, StrictDecoder)
    // V2 bytes read as V1 look like an empty update with something behind it
    return reader && reader.pos === update.length ? decoded : null
  } catch {
    return null
  }
}

function wrongForm(struct: Struct): string | null {
  if (struct.length < 1 || struct.length > maxStructLength) return 'length of a struct'
  if (!Number.isSafeInteger(end(struct))) return 'clock out of range'
  if (!(struct instanceof Y.Item)) return null
  const parent: unknown = struct.parent
  if (typeof parent === 'string' && (parent !== noteField || struct.parentSub !== null)) return 'another root'
  return wrongContent(struct.content)
}

function wrongContent(content: Y.Item['content']): string | null {
  if (content instanceof Y.ContentAny) return content.arr.every((value) => isShallow(value)) ? null : 'deep value'
  if (content instanceof Y.ContentFormat) return isShallow(content.value) ? null : 'deep value'
  const plain = content instanceof Y.ContentString || content instanceof Y.ContentType || content instanceof Y.ContentDeleted
  return plain ? null : 'content the editor does not write'
}

function isShallow(value: unknown, depth = maxValueDepth): boolean {
  if (typeof value !== 'object' || value === null) return true
  return depth > 0 && Object.values(value).every((inner) => isShallow(inner, depth - 1))
}

/**
 * Goes through the structs as Yjs will: each client's in order, each only when all it refers to is there (struct by struct, since
 * two that refer to each other would wait for ever). Returns the clocks this raises; null where something stays behind.
 */
function integrate(structs: readonly Struct[], known: Known): Map<number, number> | null {
  const clocks = new Map<number, number>()
  const at = (client: number) => clocks.get(client) ?? known.clock(client)
  let waiting = [...Map.groupBy(structs, (struct) => struct.id.client).values()]
  while (waiting.length > 0) {
    const left = waiting.map((queue) => advance(queue, at, clocks)).filter((queue) => queue.length > 0)
    const before = waiting.reduce((sum, queue) => sum + queue.length, 0)
    const after = left.reduce((sum, queue) => sum + queue.length, 0)
    if (after === before) return null
    waiting = left
  }
  return clocks
}

/** Integrates a client's structs as far as it goes; returns those that have to wait. */
function advance(queue: Struct[], at: (client: number) => number, clocks: Map<number, number>): Struct[] {
  for (const [index, struct] of queue.entries()) {
    const { client, clock } = struct.id
    const next = at(client)
    if (struct instanceof Y.Skip ? end(struct) > next : clock > next || !refersToKnown(struct, at)) return queue.slice(index)
    if (end(struct) > next) clocks.set(client, end(struct))
  }
  return []
}

function refersToKnown(struct: Y.Item | Y.GC, at: (client: number) => number): boolean {
  if (!(struct instanceof Y.Item)) return true
  const parent: unknown = struct.parent
  return [struct.origin, struct.rightOrigin, parent instanceof Y.ID ? parent : null].every((id) => {
    if (!id) return true
    // a struct that refers to itself, or to what follows it, makes Yjs throw
    const limit = id.client === struct.id.client ? Math.min(at(id.client), struct.id.clock) : at(id.client)
    return id.clock < limit
  })
}

const end = (struct: Struct) => struct.id.clock + struct.length
