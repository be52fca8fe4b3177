/** So many rows, or so many bytes of them, are read and written at once. */
const [mostRows, mostBytes] = [500, 4 * 1024 * 1024]

/** Rows some at a time: so few that they are held easily, so many that handing them on costs little. */
export async function* portionsOf<R extends object>(rows: Iterable<R> | AsyncIterable<R>): AsyncGenerator<R[]> {
  let portion: R[] = []
  let bytes = 0
  for await (const row of rows) {
    portion.push(row)
    bytes += weightOf(row)
    if (portion.length < mostRows && bytes < mostBytes) continue
    yield portion
    portion = []
    bytes = 0
  }
  if (portion.length > 0) yield portion
}

/** Texts and bytes are what a row, or a list of its parts, is heavy by. */
function weightOf(row: object): number {
  let weight = 0
  for (const value of Object.values(row) as unknown[]) {
    if (typeof value === 'string' || value instanceof Uint8Array) weight += value.length
    else if (Array.isArray(row)) weight += weightOf(value as object)
  }
  return weight
}
