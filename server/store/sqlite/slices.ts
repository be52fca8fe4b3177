/** How many ids one statement looks up. */
const idsAtOnce = 1_000

/** Looks up many ids, each once, a slice at a time: `find` gets a slice as a JSON array. */
export function inSlices<R>(ids: readonly string[], find: (json: string) => R[]): R[] {
  const wanted = [...new Set(ids)]
  const found: R[] = []
  for (let from = 0; from < wanted.length; from += idsAtOnce) {
    for (const row of find(JSON.stringify(wanted.slice(from, from + idsAtOnce)))) found.push(row)
  }
  return found
}
