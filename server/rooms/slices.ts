import { writeVarUint } from 'lib0/encoding'
import * as Y from 'yjs'
import { restore } from './note-document.ts'

type Struct = Y.Item | Y.GC
/** What follows one another of a client, from this clock. */
interface Run {
  clock: number
  structs: Struct[]
}

/** So many structs are applied in about 10 ms. */
const structsASlice = 1_000

/**
 * A document as several updates, each of which is complete on those before it: a long note is built of them bit by bit, with room for others
 * in between. The document must be one that forgets deleted text, for what was deleted is said by the structs alone.
 */
export function slicesOf(doc: Y.Doc, most = structsASlice): Uint8Array<ArrayBuffer>[] {
  const slices: Uint8Array<ArrayBuffer>[] = []
  let runs = new Map<number, Run>()
  let count = 0
  const cut = () => {
    slices.push(encode(runs))
    runs = new Map()
    count = 0
  }
  for (const struct of inOrder(doc.store)) {
    const { client, clock } = struct.id
    const run = runs.get(client) ?? { clock, structs: [] }
    run.structs.push(struct)
    runs.set(client, run)
    if (++count >= most) cut()
  }
  if (count > 0) cut()
  return slices
}

/** The same of a note that is stored in these parts. Throws where they are not a whole note. */
export function slicesIn(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer>[] {
  const { doc, left } = restore(parts)
  if (left.length > 0) throw new Error(`${left.length} updates of the note cannot be applied`)
  return slicesOf(doc)
}

/** Every struct after all that it stands on: those before it of its client, its neighbours when it was written, or what it was written in. */
function* inOrder({ clients }: Y.Doc['store']): Generator<Struct> {
  const next = new Map<number, number>()
  const clocks = new Map<number, number>()
  const lacks = (struct: Struct) => standsOn(struct).find(({ client, clock }) => (clocks.get(client) ?? 0) <= clock)
  for (const client of clients.keys()) {
    const path = [client]
    for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
      const struct = clients.get(at)?.[next.get(at) ?? 0]
      const lacking = struct && lacks(struct)
      if (lacking) path.push(lacking.client)
      else if (struct) {
        yield struct
        next.set(at, (next.get(at) ?? 0) + 1)
        clocks.set(at, struct.id.clock + struct.length)
        if (path.length > 1) path.pop()
      } else path.pop()
    }
  }
}

function standsOn(struct: Struct): Y.ID[] {
  if (!(struct instanceof Y.Item)) return []
  const { origin, rightOrigin, parent } = struct
  const holder = !origin && !rightOrigin && parent instanceof Y.AbstractType ? parent._item?.id : null
  return [origin, rightOrigin, holder].filter((id) => id != null)
}

/** In the form of an update, version 1: the structs of each client, and no deletes. */
function encode(runs: Map<number, Run>): Uint8Array<ArrayBuffer> {
  const encoder = new Y.UpdateEncoderV1()
  writeVarUint(encoder.restEncoder, runs.size)
  for (const [client, { clock, structs }] of runs) {
    writeVarUint(encoder.restEncoder, structs.length)
    encoder.writeClient(client)
    writeVarUint(encoder.restEncoder, clock)
    for (const struct of structs) struct.write(encoder, 0)
  }
  writeVarUint(encoder.restEncoder, 0)
  return encoder.toUint8Array() as Uint8Array<ArrayBuffer>
}
