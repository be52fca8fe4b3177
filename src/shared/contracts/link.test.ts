import { createHash, randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { Id } from './ids.ts'
import { LinkCode, linkCodeOf, LinkId, linkIdOf, linkPath } from './link.ts'

const hashed = (code: string) => createHash('sha256').update(code).digest('base64url').slice(0, 40)

it('a link is kept under the SHA-256 of its code', () => {
  expect(linkIdOf('')).toBe('47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hS')
  for (let i = 0; i < 200; i++) {
    const code = randomBytes(16).toString('base64url')
    expect(linkIdOf(code)).toBe(hashed(code))
  }
})

it('a code is the base64url of its 16 bytes, and both code and id are of their forms', () => {
  for (let i = 0; i < 200; i++) {
    const bytes = randomBytes(16)
    const code = linkCodeOf(bytes)
    expect(code).toBe(bytes.toString('base64url'))
    expect(LinkCode.parse(code)).toBe(code)
    expect(Id.parse(LinkId.parse(linkIdOf(code)))).toBe(linkIdOf(code))
  }
  expect(linkCodeOf(new Uint8Array(16))).toBe('A'.repeat(22))
  expect(linkCodeOf(new Uint8Array(16).fill(255))).toBe(`${'_'.repeat(21)}w`)
})

it('office and code stand behind the #', () => {
  expect(linkPath('invitation', 'office-of-nora', 'code')).toBe('/join#office-of-nora.code')
  expect(linkPath('reset', 'office-of-nora', 'code')).toBe('/reset#office-of-nora.code')
})
