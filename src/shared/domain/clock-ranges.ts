/** From, and up to but without. */
type Range = [from: number, to: number]

/** Clocks of client ids, which is how Yjs numbers letters: kept as ranges, for people write and delete in runs. */
export class ClockRanges {
  /** By client id, ascending and apart. */
  readonly #of = new Map<number, Range[]>()

  has(client: number, clock: number): boolean {
    const range = this.#of.get(client)?.[this.#indexOf(client, clock)]
    return range !== undefined && range[0] <= clock
  }

  add(client: number, from: number, to: number): void {
    if (to <= from) return
    const ranges = this.#of.get(client) ?? []
    this.#of.set(client, ranges)
    // what it touches becomes one with it
    const first = this.#indexOf(client, from - 1)
    let end = first
    let [start, stop] = [from, to]
    for (let range = ranges[end]; range && range[0] <= to; range = ranges[++end])
      [start, stop] = [Math.min(start, range[0]), Math.max(stop, range[1])]
    ranges.splice(first, end - first, [start, stop])
  }

  /** What of this range is not in here, in pieces. */
  missing(client: number, from: number, to: number): Range[] {
    const pieces: Range[] = []
    const ranges = this.#of.get(client) ?? []
    let at = from
    for (let i = this.#indexOf(client, from); i < ranges.length && at < to; i++) {
      const [start, end] = ranges[i] as Range
      if (start > at) pieces.push([at, Math.min(start, to)])
      at = Math.max(at, end)
    }
    if (at < to) pieces.push([at, to])
    return pieces
  }

  /** Client id, clock and length of each. */
  all(): [client: number, clock: number, length: number][] {
    return [...this.#of].flatMap(([client, ranges]) => ranges.map(([from, to]): [number, number, number] => [client, from, to - from]))
  }

  /** The first range that ends after this clock. */
  #indexOf(client: number, clock: number): number {
    const ranges = this.#of.get(client) ?? []
    let [low, high] = [0, ranges.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((ranges[middle] as Range)[1] <= clock) low = middle + 1
      else high = middle
    }
    return low
  }
}
