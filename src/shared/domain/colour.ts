import type { Member } from '../contracts/member.ts'

const colours = [0, 1, 2, 3, 4, 5] as const

/**
 * The colour of a new member: the one that fewest people of the same divisions have, then the one that fewest people of the office have,
 * then the first. So two who work together differ until a division has more than six.
 */
export function nextColour(divisionIds: readonly string[], others: readonly Pick<Member, 'divisionIds' | 'colour'>[]): number {
  const together = others.filter((other) => other.divisionIds.some((id) => divisionIds.includes(id)))
  const worn = (people: typeof others, colour: number) => people.filter((other) => other.colour === colour).length
  const rank = (colour: number) => worn(together, colour) * (others.length + 1) + worn(others, colour)
  return colours.reduce<number>((best, colour) => (rank(colour) < rank(best) ? colour : best), 0)
}
