import { deflateSync, inflateSync } from 'node:zlib'

/** From so many letters on a text is stored compressed: what thousands of records have in common takes little room then. */
const compressedFrom = 100_000
/** The longest part, in bytes: well below the 16 MB that a document and an entry of the server's log hold. */
const longestPart = 4 * 1024 * 1024

/** A stored part of a JSON text: all of it as it is, or a piece of it compressed. */
export type Part = string | Uint8Array

/** A value as JSON, in parts that a document holds; at least one. */
export function partsOf(value: unknown, { from = compressedFrom, longest = longestPart } = {}): Part[] {
  const text = JSON.stringify(value)
  if (text.length < from) return [text]
  const bytes = deflateSync(text, { level: 1 })
  return Array.from({ length: Math.ceil(bytes.length / longest) }, (_, i) => bytes.subarray(i * longest, (i + 1) * longest))
}

/** Values out of their parts, which come in order, those of one value after each other. */
export function joined<R>(stored: readonly { part: number; parts: number; doc: Part }[]): R[] {
  const values: Part[][] = []
  for (const { part, parts, doc } of stored) {
    if (part === 0) values.push([doc])
    else if (part < parts) values.at(-1)?.push(doc)
  }
  return values.map((parts) => JSON.parse(textOf(parts)) as R)
}

/** A value that has more subjects than parts has empty ones at its end. */
function textOf(parts: readonly Part[]): string {
  const [first] = parts
  if (typeof first === 'string') return first
  return inflateSync(Buffer.concat(parts.filter((part) => typeof part !== 'string'))).toString()
}
