import { describe, expect, it } from 'vitest'
import type { Client } from '../contracts/client.ts'
import { automaticComment, causesOf, isWritten } from './automatic-comments.ts'

type Child = Client['children'][number]

const bo: Child = { name: 'Bo', birthDate: '2015-03-01', custody: 'home' }
const ada: Child = { name: 'Ada', birthDate: null, custody: 'home' }
const alternating = (child: Child): Child => ({ ...child, custody: 'alternating' })
const household = (...children: Child[]) => ({ children })
const office = {}

describe('S4.13 a child in alternating custody', () => {
  it('S4.13 gives cause when it is marked, not while it stays marked', () => {
    const marked = household(alternating(bo), ada)
    expect(causesOf(office, household(bo, ada), marked)).toEqual([
      { rule: 'alternatingCustody', about: { childName: 'Bo', birthDate: '2015-03-01' } },
    ])
    expect(causesOf(office, marked, household(ada, alternating(bo)))).toEqual([])
    expect(causesOf(office, marked, household(bo, ada))).toEqual([])
    expect(causesOf(office, null, marked)).toHaveLength(1)
  })

  it('S4.13 stays the same child when its name is put right', () => {
    const renamed = { ...alternating(bo), name: 'Boris' }
    expect(causesOf(office, household(alternating(bo)), household(renamed))).toEqual([])
    expect(causesOf(office, household(alternating(bo)), household(alternating(bo), renamed))).toHaveLength(1)
  })

  it('S4.13 writes nothing where the office has switched the rule off', () => {
    expect(causesOf({ commentRulesOff: ['alternatingCustody'] }, null, household(alternating(bo)))).toEqual([])
  })

  it('S4.13 is written once per cause, and not in the synthesis', () => {
    const [cause] = causesOf(office, null, household(alternating(bo)))
    const written = automaticComment({ id: 'comment000000001', at: 7, writtenAt: 1 }, 'dossier000000001', cause!)
    expect(written).toMatchObject({ authorId: null, inSynthesis: false, validatedAt: 1 })
    expect(isWritten([written], cause!)).toBe(true)
    expect(isWritten([written], { rule: 'alternatingCustody', about: { childName: 'Bo', birthDate: null } })).toBe(false)
    expect(isWritten([], cause!)).toBe(false)
  })
})
