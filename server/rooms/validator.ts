import * as Y from 'yjs'
import { close, type CloseCode, maxMessageBytes, noteField } from '#shared/contracts/notes-wire.ts'
import type { DeleteSet, Known, Struct } from './known.ts'
import { Placement } from './placement.ts'
import { stateVectorOf } from './state-vector.ts'
import { decodeStrictly } from './strict-decoder.ts'

/**
 * What stands in front of Yjs: only an update that `Y.applyUpdate` integrates completely, without throwing and without leaving
 * anything pending, may reach the log, for whatever is in the log is applied by every reader for ever.
 * And only what the editor writes, where it writes it: an editor that meets anything else deletes it, often with a colleague's text.
 */

export type Verdict =
  /** `bytes`: what is not known yet of it; `clocks`: the clocks that raises; `fresh`: it is something. */
  | { kind: 'accepted'; fresh: boolean; clocks: ReadonlyMap<number, number>; bytes: Uint8Array }
  /** Something it builds on is not known (here, or yet). */
  | { kind: 'gap' }
  | { kind: 'refused'; code: CloseCode; reason: string }

/** Beyond it numbers lose their last digit; also keeps one struct from eating the clock. */
const maxStructLength = 1_000_000
/** Values of attributes and marks are flat in this editor; deep ones overflow the stack of whoever reads them. */
const maxValueDepth = 4

type IsField = (name: string) => boolean
const isNoteField: IsField = (name) => name === noteField

const refuse = (reason: string, code: CloseCode = close.malformed): Verdict => ({ kind: 'refused', code, reason })

/** An update that says nothing, as whoever opens a note without words of their own sends it: to judge it takes no document. */
export function isEmptyUpdate(update: Uint8Array): boolean {
  return update.length === 2 && update[0] === 0 && update[1] === 0
}

/**
 * Judges one V1 update of a member.
 * @param update the bytes, as received
 * @param own client ids issued to this member for this note: the only ones that may write something new
 * @param known what the room knows, committed and queued
 * @param contents `any`: whatever Yjs can integrate; else only what the editor writes
 * @param isField is this the name of a text of the document?
 */
export function judgeUpdate(
  update: Uint8Array,
  own: ReadonlySet<number>,
  known: Known,
  contents: 'editor' | 'any' = 'editor',
  isField = isNoteField,
): Verdict {
  if (update.length > maxMessageBytes) return refuse('too large', close.excess)
  const received = decodeStrictly(update)
  if (received === 'malformed') return refuse('malformed')
  if (received === 'tooMany') return refuse('too much at once', close.excess)
  for (const struct of received.structs) {
    const wrong = wrongForm(struct, isField)
    if (wrong) return refuse(wrong)
  }
  const bytes = withoutKnown(update, received.structs, known)
  const { structs, ds } = bytes === update ? received : Y.decodeUpdate(bytes)
  if (structs.some((struct) => !own.has(struct.id.client))) return refuse('another client id', close.foreignClient)
  const integrated = integrate(structs, known)
  if (!integrated) return { kind: 'gap' }
  const placement = new Placement(known, ds, contents === 'editor')
  for (const struct of integrated.order) {
    const wrong = placement.add(struct)
    if (wrong) return refuse(wrong)
  }
  return judgeDeletes(bytes, ds, integrated.clocks, known)
}

/**
 * Cuts off what is known already (work sent again after a reconnect). Yjs takes a half-known struct's parent from the bytes but its
 * neighbour from the document, and throws where the two do not fit.
 */
function withoutKnown(update: Uint8Array, structs: readonly Struct[], known: Known): Uint8Array {
  const overlaps = structs.some((struct) => struct.id.clock < known.clock(struct.id.client))
  if (!overlaps) return update
  return Y.diffUpdate(update, stateVectorOf(new Map(structs.map(({ id: { client } }) => [client, known.clock(client)]))))
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

function wrongForm(struct: Struct, isField: IsField): string | null {
  if (struct.length < 1 || struct.length > maxStructLength) return 'length of a struct'
  if (!Number.isSafeInteger(end(struct))) return 'clock out of range'
  if (!(struct instanceof Y.Item)) return null
  const parent: unknown = struct.parent
  if (typeof parent === 'string' && (!isField(parent) || struct.parentSub !== null)) return 'another root'
  return wrongContent(struct.content)
}

function wrongContent(content: Y.Item['content']): string | null {
  if (content instanceof Y.ContentAny) return content.arr.every((value) => isShallow(value)) ? null : 'deep value'
  if (content instanceof Y.ContentFormat) return isShallow(content.value) ? null : 'deep value'
  if (content instanceof Y.ContentType) return isNoteType(content.type) ? null : 'content the editor does not write'
  const plain = content instanceof Y.ContentString || content instanceof Y.ContentDeleted
  return plain ? null : 'content the editor does not write'
}

const isNoteType = (type: unknown) => type instanceof Y.XmlElement || type instanceof Y.XmlText

function isShallow(value: unknown, depth = maxValueDepth): boolean {
  if (typeof value !== 'object' || value === null) return true
  return depth > 0 && Object.values(value).every((inner) => isShallow(inner, depth - 1))
}

/** One client's structs, and how many of them are integrated. */
interface Queue {
  structs: readonly Struct[]
  next: number
}

interface Integrated {
  clocks: Map<number, number>
  order: Struct[]
}

/**
 * Goes through the structs as Yjs will: each client's in order, each only when all it refers to is there (struct by struct, since
 * two that refer to each other would wait for ever). Returns the clocks this raises and the order; null where something stays behind.
 */
function integrate(structs: readonly Struct[], known: Known): Integrated | null {
  const integrated: Integrated = { clocks: new Map(), order: [] }
  const at = (client: number) => integrated.clocks.get(client) ?? known.clock(client)
  let waiting = [...Map.groupBy(structs, (struct) => struct.id.client).values()].map((queue): Queue => ({ structs: queue, next: 0 }))
  while (waiting.length > 0) {
    const before = integrated.order.length
    for (const queue of waiting) advance(queue, at, integrated)
    if (integrated.order.length === before) return null
    waiting = waiting.filter((queue) => queue.next < queue.structs.length)
  }
  return integrated
}

/** Integrates a client's structs as far as it goes. */
function advance(queue: Queue, at: (client: number) => number, { clocks, order }: Integrated): void {
  for (; queue.next < queue.structs.length; queue.next++) {
    const struct = queue.structs[queue.next]
    if (!struct) return
    const { client, clock } = struct.id
    const next = at(client)
    if (struct instanceof Y.Skip ? end(struct) > next : clock > next || !refersToKnown(struct, at)) return
    if (end(struct) > next) clocks.set(client, end(struct))
    order.push(struct)
  }
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
