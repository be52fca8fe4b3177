/** Whole numbers from 0 up to below `limit`, the same for the same seed. */
export type Dice = (limit: number) => number

/** Seeded numbers (mulberry32). */
export function diceFrom(seed: number): Dice {
  let state = seed | 0
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * limit)
  }
}

/** One of these. */
export function oneOf<T>(dice: Dice, choices: readonly T[]): T {
  const choice = choices[dice(choices.length)]
  if (choice === undefined && choices.length === 0) throw new Error('nothing to choose from')
  return choice as T
}
