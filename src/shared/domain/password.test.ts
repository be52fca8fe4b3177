import { describe, expect, it } from 'vitest'
import { personalWords, weakness } from './password.ts'

const nora = personalWords({ email: 'nora.sorensen@brug.example', name: 'Nora Sørensen', officeName: 'Kantoor De Brug' })

describe('a password', () => {
  it.each([
    ['has at least 10 characters', 'kbd5-x9qw', 'short'],
    ['of 10 is long enough', 'kbd5-x9qwz', null],
    ['of ten emoji has ten characters, not twenty', '🐟🐟🐟🐟🐟', 'short'],
    ['of 200 is not too long', 'x9'.repeat(100), null],
    ['of 201 is', `${'x9'.repeat(100)}!`, 'long'],
    ['is not one’s address', 'nora.sorensen', 'personal'],
    ['is not one’s name, without its accents', 'NORA SORENSEN', 'personal'],
    ['is not one’s name and a year', 'NoraSørensen2026', 'personal'],
    ['is not the office’s name and a sign', 'KantoorDeBrug!!!', 'personal'],
    ['is not the two in a row', 'sorensen-kantoor', 'personal'],
    ['may have a name in it when there is more', 'nora eats herring at dawn', null],
  ])('%s', (_, password, expected) => {
    expect(weakness(password, nora)).toBe(expected)
  })

  it('is not judged by words of one or two letters', () => {
    expect(weakness('ab ab ab abcd', personalWords({ email: 'ab@x.example', name: 'A B', officeName: 'AB' }))).toBeNull()
  })
})
