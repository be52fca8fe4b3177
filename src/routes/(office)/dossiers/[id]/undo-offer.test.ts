import { describe, expect, it } from 'vitest'
import type { HistoryEntry } from '#shared/contracts/dossier-page.ts'
import type { Actor } from '#shared/domain/access.ts'
import { authorsUndoMs } from '#shared/domain/undo.ts'
import { mayUndo, undoneBy } from './undo-offer.ts'

const ana: Actor = {
  officeId: 'o',
  memberId: 'ana',
  role: 'adviser',
  divisionIds: [],
  ownerIds: ['o-ana'],
  seesAll: true,
  divisionsOn: true,
}
const viewer: Actor = { ...ana, memberId: 'vic', role: 'viewer', ownerIds: [] }
const access = { ownerId: 'o-bo', divisionId: null, readerIds: [] }
const gaveAway: HistoryEntry = {
  n: 7,
  at: 1_000,
  by: 'ana',
  commandId: 'c7',
  type: 'dossier.ownerChanged',
  fields: { ownerId: ['o-ana', 'o-bo'] },
}

describe('undo from the history', () => {
  it('L4 is offered to its author for ten minutes, also where the right went away with it', () => {
    const dossier = { ...access, versions: { ownerId: 7 } }
    expect(mayUndo(gaveAway, dossier, ana, 1_000 + authorsUndoMs)).toBe(true)
    expect(mayUndo(gaveAway, dossier, ana, 1_001 + authorsUndoMs)).toBe(false)
  })

  it('L4 is offered to whoever could set these fields by hand', () => {
    const moved: HistoryEntry = { ...gaveAway, by: 'bo', type: 'dossier.stageMoved', fields: { stageId: ['a', 'b'] } }
    const dossier = { ...access, versions: { stageId: 7 } }
    expect(mayUndo(moved, dossier, ana, 9e9)).toBe(true)
    expect(mayUndo(moved, dossier, viewer, 9e9)).toBe(false)
  })

  it('L4 is not offered where the field was set again since, nor for the creation', () => {
    expect(mayUndo(gaveAway, { ...access, versions: { ownerId: 8 } }, ana, 1_000)).toBe(false)
    expect(mayUndo({ ...gaveAway, type: 'dossier.created', fields: {} }, { ...access, versions: {} }, ana, 1_000)).toBe(false)
  })

  it('S4.3 taking back an abandonment needs the right to resume', () => {
    const abandoned: HistoryEntry = {
      ...gaveAway,
      by: 'bo',
      type: 'dossier.abandoned',
      fields: { status: ['client', 'abandoned'], abandonReason: [null, 'other'] },
    }
    expect(mayUndo(abandoned, { ...access, versions: {} }, ana, 1_000)).toBe(false)
    expect(mayUndo(abandoned, { ...access, ownerId: 'o-ana', versions: {} }, ana, 1_000)).toBe(true)
  })

  it('tells what was taken back, and what was taken back and done again', () => {
    const undo: HistoryEntry = { ...gaveAway, n: 8, type: 'dossier.changeUndone', undoes: 7 }
    const redo: HistoryEntry = { ...gaveAway, n: 9, type: 'dossier.changeUndone', undoes: 8 }
    expect(undoneBy(gaveAway, [undo, gaveAway])?.n).toBe(8)
    expect(undoneBy(gaveAway, [redo, undo, gaveAway])).toBeUndefined()
  })
})
