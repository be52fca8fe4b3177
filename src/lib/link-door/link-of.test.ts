import { expect, it } from 'vitest'
import { linkCodeOf, linkPath } from '#shared/contracts/link.ts'
import { linkOf } from './link-of.ts'

const code = linkCodeOf(new Uint8Array(16).fill(255))
const path = linkPath('invitation', 'office00000000001', code)

it('a link is read back as it was made', () => {
  expect(linkOf(path.slice(path.indexOf('#')))).toEqual({ officeId: 'office00000000001', code })
})

it.each(['', '#', '#office00000000001', path.slice(path.indexOf('#'), -1), `${path.slice(path.indexOf('#'))}.more`, '#a.b'])(
  'what was cut off on the way is none: %s',
  (hash) => {
    expect(linkOf(hash)).toBeNull()
  },
)
