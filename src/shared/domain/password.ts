import { leastPassword, mostPassword } from '../contracts/join.ts'
import { fold } from './fold.ts'

/** So many letters beside a name or an address are not much else. */
const littleElse = 4

/**
 * Is this password of a length that is not allowed, or hardly more than these (the local part of an e-mail address, a name, the office's
 * name)? Compared without accents, case and anything that is no letter or digit. Null: neither.
 */
export function weakness(password: string, personal: readonly string[]): 'short' | 'long' | 'personal' | null {
  if ([...password].length < leastPassword) return 'short'
  if (password.length > mostPassword) return 'long'
  return isPersonal(password, personal) ? 'personal' : null
}

function isPersonal(password: string, personal: readonly string[]): boolean {
  const parts = personal.flatMap((text) => [bare(text), ...text.split(/[^\p{L}\p{N}]+/u).map(bare)]).filter((part) => part.length > 2)
  const longestFirst = [...new Set(parts)].sort((a, b) => b.length - a.length)
  const whole = bare(password)
  const rest = longestFirst.reduce((left, part) => left.replaceAll(part, ''), whole)
  return rest.length < whole.length && rest.length <= littleElse
}

function bare(text: string): string {
  return fold(text).replace(/[^\p{L}\p{N}]+/gu, '')
}

/** The words of a person that are no secret: `weakness` wants them. */
export function personalWords({ email, name, officeName }: { email: string; name: string; officeName: string }): string[] {
  return [email.split('@', 1)[0] ?? '', name, officeName]
}
