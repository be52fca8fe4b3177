import { describe, expect, it } from 'vitest'
import { type Status, statuses } from '../contracts/dossier.ts'
import { daysInStage, isOpen, moveStage, pace, progress, stageName } from './pipeline.ts'
import { stages } from './small-office.fixture.ts'

const dayMs = 86_400_000
const since = 5 * dayMs
const now = 20 * dayMs
const placed = (stageId: string, status: Status) => ({ stageId, status, stageSince: since })

describe('a move to another stage', () => {
  it.each<[string, Status, string, Status]>([
    ['stage-first', 'prospect', 'stage-second', 'prospect'],
    ['stage-first', 'client', 'stage-second', 'client'],
    ['stage-second', 'client', 'stage-first', 'client'],
    ['stage-second', 'prospect', 'stage-closing', 'closed'],
    ['stage-second', 'client', 'stage-closing', 'closed'],
    ['stage-first', 'client', 'stage-closing', 'closed'],
    ['stage-closing', 'closed', 'stage-second', 'client'],
    ['stage-closing', 'closed', 'stage-first', 'client'],
  ])('S4.9 from %s (%s) to %s makes it %s, from now on', (from, status, to, becomes) => {
    expect(moveStage(stages, placed(from, status), to, now)).toEqual({ fields: { stageId: to, stageSince: now, status: becomes } })
  })

  it('S4.9 to the stage it stands in changes nothing, neither since when', () => {
    for (const [stageId, status] of [
      ['stage-first', 'prospect'],
      ['stage-closing', 'closed'],
    ] as const) {
      expect(moveStage(stages, placed(stageId, status), stageId, now)).toEqual({ fields: placed(stageId, status) })
    }
  })

  it('S4.9 says nothing of other fields', () => {
    const dossier = { ...placed('stage-first', 'client'), title: 'First home' }
    for (const to of ['stage-first', 'stage-second']) {
      const moved = moveStage(stages, dossier, to, now)
      expect('fields' in moved && Object.keys(moved.fields).toSorted()).toEqual(['stageId', 'stageSince', 'status'])
    }
  })

  it('S4.2 of an abandoned dossier is refused, to whichever stage: it is resumed first', () => {
    for (const { id } of stages) {
      expect(moveStage(stages, placed('stage-first', 'abandoned'), id, now)).toEqual({ refusal: { code: 'abandoned' } })
    }
  })

  it('to a stage that does not exist is refused', () => {
    expect(moveStage(stages, placed('stage-first', 'client'), 'stage-none', now)).toEqual({ refusal: { code: 'notFound', what: 'stage' } })
  })
})

it('S4.2 prospects and clients are open: abandoned and closed ones leave the board', () => {
  expect(statuses.filter(isOpen)).toEqual(['prospect', 'client'])
})

it('S4.9 the gauge goes from nothing in the first stage to full in the last', () => {
  expect(stages.map((s) => progress(stages, s.id))).toEqual([0, 0.5, 1])
  expect(progress(stages, 'stage-none')).toBe(0)
  expect(progress(stages.slice(0, 1), 'stage-first')).toBe(0)
})

it('days in a stage are whole days, and none when the clock runs behind', () => {
  expect([0, dayMs - 1, dayMs, 3.5 * dayMs].map((ms) => daysInStage(since, since + ms))).toEqual([0, 0, 1, 3])
  expect(daysInStage(since, since - 2 * dayMs)).toBe(0)
})

it('a dossier is late past the usual days of its stage, and stuck past twice that', () => {
  const ten = { usualDays: 10 }
  expect([0, 10, 11, 20, 21].map((days) => pace(ten, days))).toEqual(['usual', 'usual', 'late', 'late', 'stuck'])
  expect(pace({ usualDays: null }, 1000)).toBe('usual')
})

it("a stage is named in the reader's language, else in the office's, else in any", () => {
  const [stage] = stages
  if (!stage) throw new Error('there are stages')
  expect(stageName(stage, 'fr', 'en')).toBe('Client créé')
  expect(stageName(stage, 'da', 'fr')).toBe('Client créé')
  expect(stageName(stage, 'da', 'nl')).toBe('Client created')
  expect(stageName({ ...stage, names: {} }, 'da', 'nl')).toBe('')
})
