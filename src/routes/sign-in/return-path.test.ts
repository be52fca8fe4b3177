import { describe, expect, it } from 'vitest'
import { safePath } from './return-path.ts'

describe('the way back after signing in', () => {
  it('leads to where the person was', () => {
    expect(safePath('/dossiers/abc?tab=closed')).toBe('/dossiers/abc?tab=closed')
    expect(safePath(null)).toBe('/dossiers')
  })

  it.each(['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', '', '/'])(
    'never leads elsewhere: %s',
    (path) => {
      expect(safePath(path)).toBe('/dossiers')
    },
  )
})
