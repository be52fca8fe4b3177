import { type Id, newId } from '#shared/contracts/ids.ts'

/** Random choices that repeat with their seed. */
export interface Random {
  seed: number
  /** 0 up to, not including, `below`. */
  int(below: number): number
  pick<T>(from: readonly T[]): T
  chance(of: number): boolean
  id(): Id
}

/** The seed of this run: `STORE_SEED` to repeat one, else a new one. Titles carry it, so a failure names it. */
export const seed = Number(process.env['STORE_SEED'] ?? Math.floor(Math.random() * 1_000_000_000))

/** mulberry32 */
export function seeded(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const int = (below: number) => Math.floor(next() * below)
  return {
    seed,
    int,
    pick: <T>(from: readonly T[]): T => from[int(from.length)] as T,
    chance: (of) => next() < of,
    id: () => newId((bytes) => bytes.map(() => int(256))),
  }
}
