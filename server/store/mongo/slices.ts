/** How many ids one query looks up. */
const idsAtOnce = 5_000

/** Looks up many ids, each once, a slice at a time, one after the other. */
export async function inSlices<R>(ids: readonly string[], find: (slice: string[]) => Promise<R[]>): Promise<R[]> {
  const wanted = [...new Set(ids)]
  const found: R[][] = []
  for (let from = 0; from < wanted.length; from += idsAtOnce) found.push(await find(wanted.slice(from, from + idsAtOnce)))
  return found.flat()
}
