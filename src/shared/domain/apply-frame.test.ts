import { describe, expect, it } from 'vitest'
import type { Happening, OfficeEvent } from '../contracts/events.ts'
import type { Stage } from '../contracts/stage.ts'
import { applyToFrame } from './apply.ts'
import { frameOf, member, stages, withSettings } from './small-office.fixture.ts'

const frame = frameOf(member('ana', 'admin', []), member('bo', 'adviser', ['north']))

function event(happening: Happening): OfficeEvent {
  return { ...happening, n: 5, at: 5, by: 'ana', commandId: 'command' }
}

const zoe = member('zoe', 'adviser', ['south'], 'invited')
const zoesEntry = { id: 'owner-zoe', name: 'zoe', memberId: 'zoe', divisionIds: [] }
const added: Stage = { id: 'stage-added', names: { en: 'Valuation' }, closing: false, usualDays: 5 }

const happenings: Record<string, Happening> = {
  'an invitation': { type: 'member.invited', member: zoe, owner: zoesEntry },
  'a clerk is invited, who owns nothing': { type: 'member.invited', member: member('cy', 'clerk', []), owner: null },
  'a promotion that brings an entry of the directory': {
    type: 'member.changed',
    memberId: 'bo',
    fields: { role: ['adviser', 'manager'] },
    owner: { id: 'owner-new', name: 'bo', memberId: 'bo', divisionIds: [] },
  },
  'a new division': { type: 'division.created', division: { id: 'east', name: 'East' }, turnsOn: false },
  'a division renamed': { type: 'division.renamed', divisionId: 'north', name: ['North', 'Zealand'] },
  'a division deleted': { type: 'division.deleted', division: { id: 'south', name: 'South' } },
  'other stages': { type: 'office.stagesChanged', change: 'added', stageId: added.id, stages: [stages, [...stages, added]], subjects: [] },
  'an import': {
    type: 'dossier.imported',
    clients: 0,
    dossierIds: [],
    frame: { members: [zoe], owners: [zoesEntry], divisions: [{ id: 'east', name: 'East' }] },
  },
}

describe('L1 the frame after', () => {
  it.each(Object.entries(happenings))('L3 %s is the same when the event comes twice', (_, happening) => {
    const once = applyToFrame(frame, event(happening))
    expect(once).not.toEqual(frame)
    expect(applyToFrame(once, event(happening))).toEqual(once)
  })

  it('an invitation has the member and their entry of the directory at the end', () => {
    const after = applyToFrame(frame, event(happenings['an invitation']!))
    expect(after.members).toEqual([...frame.members, zoe])
    expect(after.owners).toEqual([...frame.owners, zoesEntry])
  })

  it('S0.8 the first division has divisions on; a later one leaves the setting alone', () => {
    const off = withSettings(frame, { divisionsOn: false })
    const division = { id: 'east', name: 'East' }
    expect(applyToFrame(off, event({ type: 'division.created', division, turnsOn: true })).office.divisionsOn).toBe(true)
    expect(applyToFrame(off, event({ type: 'division.created', division, turnsOn: false })).office.divisionsOn).toBe(false)
  })

  it('S0.1 divisions stand by their names', () => {
    const names = (happening: Happening) => applyToFrame(frame, event(happening)).divisions.map((d) => d.name)
    expect(names(happenings['a new division']!)).toEqual(['East', 'North', 'South'])
    expect(names(happenings['a division renamed']!)).toEqual(['South', 'Zealand'])
    expect(names(happenings['a division deleted']!)).toEqual(['North'])
  })

  it('an import that is taken back is as before', () => {
    const imported = applyToFrame(frame, event(happenings['an import']!))
    const undone = event({
      type: 'import.undone',
      undoes: 4,
      importId: 'import',
      dossierIds: [],
      subjects: [],
      frame: { members: [], owners: [], divisions: [] },
      gone: { members: ['zoe'], owners: ['owner-zoe'], divisions: ['east'] },
    })
    expect(imported.members).toHaveLength(3)
    expect(applyToFrame(imported, undone)).toEqual(frame)
  })
})
