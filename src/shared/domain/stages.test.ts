import { describe, expect, it } from 'vitest'
import type { Stage } from '../contracts/stage.ts'
import { stages } from './small-office.fixture.ts'
import { followerOf, type Staged, withClosing, withEdited, withoutChange, withoutStage, withPlaced, withStage } from './stages.ts'

const [first, second, closing] = stages as [Stage, Stage, Stage]
const added = { id: 'new', names: { en: 'In between' }, usualDays: 3 }
const ids = (staged: Staged | Stage[] | null) => {
  if (!staged) return null
  const list = Array.isArray(staged) ? staged : 'stages' in staged ? staged.stages : []
  return list.map(({ id }) => id)
}
const of = (staged: Staged): Stage[] => {
  if ('refusal' in staged) throw new Error(staged.refusal.code)
  return staged.stages
}

describe('the stages of an office', () => {
  it('S4.9 a stage is added where it is wanted, never as the closing one', () => {
    expect(ids(withStage(stages, added, second.id, 'en'))).toEqual([first.id, 'new', second.id, closing.id])
    expect(of(withStage(stages, added, null, 'en')).at(-1)).toEqual({ ...added, closing: false })
    expect(withStage(stages, added, 'nowhere', 'en')).toEqual({ refusal: { code: 'notFound', what: 'stage' } })
    expect(withStage(stages, { ...added, id: first.id }, null, 'en')).toEqual({ refusal: { code: 'idTaken' } })
  })

  it('S4.9 each is named in at least the language of the office, and like no other in any', () => {
    expect(withStage(stages, added, null, 'fr')).toEqual({ refusal: { code: 'nameMissing', language: 'fr' } })
    const taken = { ...added, names: { en: 'New', fr: 'OFFRE RECUE' } }
    expect(withStage(stages, taken, null, 'en')).toEqual({
      refusal: { code: 'stageNameTaken', language: 'fr', name: 'OFFRE RECUE' },
    })
    expect(withEdited(stages, first.id, { names: { fr: 'Seulement' } }, 'en')).toEqual({ refusal: { code: 'nameMissing', language: 'en' } })
    expect(withEdited(stages, first.id, { names: { en: 'offer received' } }, 'en')).toMatchObject({ refusal: { code: 'stageNameTaken' } })
    // its own name in another spelling is none of another
    expect(of(withEdited(stages, first.id, { names: { en: 'CLIENT CREATED' } }, 'en'))[0]?.names).toEqual({ en: 'CLIENT CREATED' })
  })

  it('what is left out of an edit stays, and is not judged', () => {
    expect(of(withEdited(stages, first.id, { usualDays: null }, 'de'))[0]).toEqual({ ...first, usualDays: null })
    expect(of(withEdited(stages, first.id, { names: { en: 'Begun' } }, 'en'))[0]).toEqual({ ...first, names: { en: 'Begun' } })
  })

  it('is put in another place', () => {
    expect(ids(withPlaced(stages, closing.id, first.id))).toEqual([closing.id, first.id, second.id])
    expect(ids(withPlaced(stages, first.id, null))).toEqual([second.id, closing.id, first.id])
    expect(ids(withPlaced(stages, first.id, first.id))).toEqual(ids([...stages]))
    expect(withPlaced(stages, 'nowhere', null)).toEqual({ refusal: { code: 'notFound', what: 'stage' } })
    expect(followerOf(stages, first.id)).toBe(second.id)
    expect(followerOf(stages, closing.id)).toBeNull()
  })

  it('S4.9 exactly one is the closing one; it stays, and at least one other with it', () => {
    expect(of(withClosing(stages, first.id)).filter((s) => s.closing)).toEqual([{ ...first, closing: true }])
    expect(withoutStage(stages, closing.id)).toEqual({ refusal: { code: 'closingStage' } })
    expect(ids(withoutStage(stages, first.id))).toEqual([second.id, closing.id])
    expect(withoutStage([first, closing], first.id)).toEqual({ refusal: { code: 'lastStage' } })
  })
})

describe('L4 taking back what one change did to the stages', () => {
  const renamed = of(withEdited(stages, first.id, { names: { en: 'Begun' } }, 'en'))
  const more = of(withStage(stages, added, second.id, 'en'))
  const turned = of(withPlaced(stages, second.id, first.id))

  it('gives back what was there, whichever change it was', () => {
    for (const after of [renamed, more, turned, of(withClosing(stages, first.id)), of(withoutStage(stages, second.id))]) {
      expect(withoutChange(after, [stages, after])).toEqual(stages)
    }
  })

  it('leaves alone what others changed besides', () => {
    const both = of(withEdited(renamed, second.id, { usualDays: 99 }, 'en'))
    expect(withoutChange(both, [stages, renamed])?.map((s) => [s.names.en, s.usualDays])).toEqual([
      ['Client created', 14],
      ['Offer received', 99],
      ['Dossier closed', null],
    ])
    expect(ids(withoutChange(of(withStage(turned, added, first.id, 'en')), [stages, turned]))).toEqual([
      first.id,
      'new',
      second.id,
      closing.id,
    ])
    const fewer = of(withoutStage(stages, first.id))
    expect(ids(withoutChange(of(withStage(fewer, added, null, 'en')), [stages, fewer]))).toEqual([...ids([...stages])!, 'new'])
  })

  it('does nothing where the very same was changed since', () => {
    expect(withoutChange(of(withEdited(renamed, first.id, { names: { en: 'Again' } }, 'en')), [stages, renamed])).toBeNull()
    expect(withoutChange(stages, [stages, renamed])).toBeNull()
    expect(withoutChange(stages, [stages, turned])).toBeNull()
    expect(withoutChange(of(withEdited(more, 'new', { usualDays: 4 }, 'en')), [stages, more])).toBeNull()
    expect(withoutChange(stages, [stages, more])).toBeNull()
    const moved = of(withClosing(stages, first.id))
    expect(withoutChange(of(withClosing(moved, second.id)), [stages, moved])).toBeNull()
    const fewer = of(withoutStage(stages, first.id))
    expect(withoutChange(stages, [stages, fewer])).toBeNull()
  })
})
