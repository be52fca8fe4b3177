import { expect, it } from 'vitest'
import { commentAddress, wantedComment } from './comment-address.ts'

it('S4.12 an address leads to the comment it was made for', () => {
  const address = commentAddress('dossier-0123456789', 'comment-0123456789')
  expect(wantedComment(new URL(address, 'https://office.example').hash)).toBe('comment-0123456789')
})

it.each(['', '#', '#comment=', '#comment=<img>', '#q=Nora'])('S4.12 the fragment %j asks for no comment', (fragment) => {
  expect(wantedComment(fragment)).toBeNull()
})
