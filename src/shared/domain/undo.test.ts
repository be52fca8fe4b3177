import { describe, expect, it } from 'vitest'
import type { FieldChanges } from '../contracts/dossier.ts'
import { actionFor, authorsUndoMs, inverse, overtaken, subjectsOf, withinAuthorsTime } from './undo.ts'

const changes: FieldChanges[] = [
  {},
  { title: ['Works', 'Second home'] },
  { amount: [null, 0], kind: [null, 'pension'] },
  { ownerId: ['owner-ana', null], divisionId: [null, 'north'] },
  { stageId: ['stage-second', 'stage-closing'], stageSince: [1, 2], status: ['client', 'closed'] },
  { status: ['prospect', 'abandoned'], abandonReason: [null, 'other'] },
]

describe('the inverse of a change', () => {
  it.each(changes)('L4 of %j goes from after to before, and its own inverse is the change', (change) => {
    const back = inverse(change)
    for (const [field, [before, after]] of Object.entries(change)) expect(back[field as keyof FieldChanges]).toEqual([after, before])
    expect(inverse(back)).toEqual(change)
  })

  it('leaves the change as it was', () => {
    const change: FieldChanges = { title: ['Works', 'Second home'] }
    inverse(change)
    expect(change).toEqual({ title: ['Works', 'Second home'] })
  })
})

describe('a change that was overtaken', () => {
  const change: FieldChanges = { status: ['prospect', 'abandoned'], abandonReason: [null, 'other'] }

  it('L4 is one of whose fields was set since, and that field is named', () => {
    expect(overtaken({ versions: { status: 8, abandonReason: 7 } }, change, 7)).toBe('status')
    expect(overtaken({ versions: { status: 7, abandonReason: 9 } }, change, 7)).toBe('abandonReason')
  })

  it('L4 is not one beside which other fields were set', () => {
    expect(overtaken({ versions: { status: 7, abandonReason: 7, title: 12 } }, change, 7)).toBeNull()
  })

  it('L4 is not one of a field that was never set since the dossier was created', () => {
    expect(overtaken({ versions: {} }, change, 7)).toBeNull()
  })
})

it('the right to set a field back is the one to set it by hand', () => {
  expect(actionFor({ title: ['a', 'b'] })).toBe('dossier.edit')
  expect(actionFor({ status: ['prospect', 'client'] })).toBe('dossier.edit')
  expect(actionFor({ stageId: ['a', 'b'], stageSince: [1, 2], status: ['client', 'closed'] })).toBe('dossier.moveStage')
  expect(actionFor({ ownerId: [null, 'owner-bo'] })).toBe('dossier.changeOwner')
  expect(actionFor({ divisionId: ['north', null] })).toBe('dossier.changeOwner')
  expect(actionFor({ status: ['client', 'abandoned'], abandonReason: [null, 'other'] })).toBe('dossier.abandon')
})

it('S4.3 taking back an abandonment needs the right to resume', () => {
  expect(actionFor(inverse({ status: ['client', 'abandoned'], abandonReason: [null, 'other'] }))).toBe('dossier.resume')
})

it('the author has ten minutes, and no longer', () => {
  expect(authorsUndoMs).toBe(600_000)
  expect(withinAuthorsTime({ at: 1000 }, 1000 + authorsUndoMs)).toBe(true)
  expect(withinAuthorsTime({ at: 1000 }, 1001 + authorsUndoMs)).toBe(false)
})

it('what touches no dossier field cannot be taken back', () => {
  const stamp = { n: 1, at: 1, by: 'ana', commandId: 'command' }
  expect(subjectsOf({ ...stamp, type: 'office.settingsChanged', fields: {} })).toBeNull()
  expect(subjectsOf({ ...stamp, type: 'member.changed', memberId: 'bo', fields: {} })).toBeNull()
  expect(subjectsOf({ ...stamp, type: 'dossier.imported', clients: 0, dossierIds: ['dossier'] })).toBeNull()
  expect(subjectsOf({ ...stamp, type: 'dossier.edited', subjects: [] })).toEqual([])
})
