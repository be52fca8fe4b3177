import * as encoding from 'lib0/encoding'

/** A struct's address: client id and clock. */
export type Ref = readonly [client: number, clock: number]

/** What a struct holds, by the names of this product rather than Yjs'. `type`: 0 array, 1 map, 2 text, 3 element, 4 fragment, 5 hook, 6 xml text. */
export type Content =
  | { gc: number }
  | { skip: number }
  | { deleted: number }
  | { json: readonly unknown[] }
  | { binary: Uint8Array }
  | { text: string }
  | { embed: unknown }
  | { mark: string; value: unknown }
  | { type: number; name?: string }
  | { any: readonly unknown[] }
  | { document: string }

/** A struct as it is written: beside `left` and `right`, or where there is neither, in `parent` (a root by its name). */
export interface Piece {
  content: Content
  left?: Ref | undefined
  right?: Ref | undefined
  parent?: Ref | string | undefined
  key?: string | undefined
}

/** What one client wrote, from this clock on. */
export interface Block {
  client: number
  clock: number
  pieces: readonly Piece[]
}

/** Ranges that are deleted, by client. */
export interface Deleted {
  client: number
  ranges: readonly (readonly [clock: number, length: number])[]
}

/** How many clocks a piece takes. */
export function lengthOf({ content }: Piece): number {
  if ('gc' in content) return content.gc
  if ('skip' in content) return content.skip
  if ('deleted' in content) return content.deleted
  if ('text' in content) return content.text.length
  if ('any' in content) return content.any.length
  return 'json' in content ? content.json.length : 1
}

/** A V1 update of anything at all, also of what Yjs would never write. */
export function writeUpdate(blocks: readonly Block[], deleted: readonly Deleted[] = []): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, blocks.length)
    for (const { client, clock, pieces } of blocks) {
      for (const number of [pieces.length, client, clock]) encoding.writeVarUint(encoder, number)
      for (const piece of pieces) writePiece(encoder, piece)
    }
    encoding.writeVarUint(encoder, deleted.length)
    for (const { client, ranges } of deleted) {
      for (const number of [client, ranges.length, ...ranges.flat()]) encoding.writeVarUint(encoder, number)
    }
  })
}

function writePiece(encoder: encoding.Encoder, piece: Piece): void {
  const { content, left, right, parent, key } = piece
  if ('gc' in content || 'skip' in content) {
    encoding.writeUint8(encoder, 'gc' in content ? 0 : 10)
    return encoding.writeVarUint(encoder, lengthOf(piece))
  }
  const [hasLeft, hasRight, hasKey] = [left !== undefined, right !== undefined, key !== undefined]
  encoding.writeUint8(encoder, numberOf(content) | (hasLeft ? 128 : 0) | (hasRight ? 64 : 0) | (hasKey ? 32 : 0))
  for (const ref of [left, right]) if (ref) writeRef(encoder, ref)
  if (!left && !right) writeParent(encoder, parent ?? 'note', key)
  writeContent(encoder, content)
}

function writeParent(encoder: encoding.Encoder, parent: Ref | string, key: string | undefined): void {
  encoding.writeVarUint(encoder, typeof parent === 'string' ? 1 : 0)
  if (typeof parent === 'string') encoding.writeVarString(encoder, parent)
  else writeRef(encoder, parent)
  if (key !== undefined) encoding.writeVarString(encoder, key)
}

function writeRef(encoder: encoding.Encoder, ref: Ref): void {
  for (const number of ref) encoding.writeVarUint(encoder, number)
}

function numberOf(content: Content): number {
  const names = ['gc', 'deleted', 'json', 'binary', 'text', 'embed', 'mark', 'type', 'any', 'document']
  return names.findIndex((name) => name in content)
}

function writeContent(encoder: encoding.Encoder, content: Content): void {
  const writeJson = (value: unknown) => encoding.writeVarString(encoder, JSON.stringify(value) ?? 'undefined')
  if ('deleted' in content) encoding.writeVarUint(encoder, content.deleted)
  else if ('binary' in content) encoding.writeVarUint8Array(encoder, content.binary)
  else if ('text' in content) encoding.writeVarString(encoder, content.text)
  else if ('embed' in content) writeJson(content.embed)
  else if ('mark' in content) {
    encoding.writeVarString(encoder, content.mark)
    writeJson(content.value)
  } else if ('type' in content) {
    encoding.writeVarUint(encoder, content.type)
    if (content.name !== undefined) encoding.writeVarString(encoder, content.name)
  } else if ('document' in content) {
    encoding.writeVarString(encoder, content.document)
    encoding.writeAny(encoder, {})
  } else if ('json' in content) {
    encoding.writeVarUint(encoder, content.json.length)
    for (const value of content.json) writeJson(value)
  } else if ('any' in content) {
    encoding.writeVarUint(encoder, content.any.length)
    for (const value of content.any) encoding.writeAny(encoder, value as never)
  }
}
