import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { DossierRow, FieldChanges } from '#shared/contracts/dossier.ts'
import type { Happening, OfficeEvent } from '#shared/contracts/events.ts'
import { newMember, type Role } from '#shared/contracts/member.ts'
import type { Frame } from '#shared/contracts/office.ts'
import type { Delivery } from '#shared/contracts/workspace.ts'
import { OfficeWorkspace } from './workspace.svelte.ts'

// drawing is the browser's; what a screen holds is not
vi.stubGlobal('document', { hidden: false })
vi.stubGlobal('requestAnimationFrame', (draw: () => void) => draw())
afterAll(() => vi.unstubAllGlobals())

const me = 'memberAna00000001'
const dossierId = 'dossierA000000001'
const frame: Frame = {
  office: {
    id: 'office00000000001',
    name: 'O',
    language: 'en',
    currency: 'EUR',
    timeZone: 'UTC',
    divisionsOn: false,
    seesWhat: 'everyone',
  },
  members: [
    {
      id: me,
      name: 'Ana',
      email: 'ana@o.example',
      role: 'adviser',
      divisionIds: [],
      language: 'en',
      ...newMember,
      state: 'active',
      colour: 0,
    },
  ],
  owners: [],
  divisions: [],
  stages: [],
}
const row: DossierRow = {
  id: dossierId,
  at: 10,
  number: '2026-00001',
  clientId: 'client00000000001',
  clientName: 'Nora',
  partnerName: '',
  title: 'Before',
  kind: null,
  ownerId: null,
  divisionId: null,
  readerIds: [],
  status: 'prospect',
  stageId: 'stage000000000001',
  stageSince: 0,
  amount: null,
  createdOn: '2026-11-23',
  changedAt: 0,
}

let workspace: OfficeWorkspace
const open = (at: number, rows: DossierRow[]) =>
  workspace.open({ manifest: { at, memberId: me, frame, chunks: [], rows: [], gone: [] }, rows: new Map(rows.map((r) => [r.id, r])) })

beforeEach(() => {
  workspace = new OfficeWorkspace()
  open(10, [row])
})

function titled(n: number, title: string, commandId = `command${n}000000000`): OfficeEvent {
  const fields: FieldChanges = { title: ['', title] }
  const access = { divisionId: null, ownerId: null, readerIds: [] }
  return {
    type: 'dossier.edited',
    n,
    at: n,
    by: me,
    commandId,
    subjects: [{ dossierId, fields, access: { before: access, after: access } }],
  }
}
const delivery = (from: number, to: number, ...events: OfficeEvent[]): Delivery => ({
  from,
  to,
  items: events.map((event) => ({ kind: 'event', event })),
})

describe('order', () => {
  it('L3 what begins right after the last number is applied, what lies before it is known, anything else is a hole', () => {
    expect(workspace.apply(delivery(11, 11, titled(11, 'One'))).result).toBe('applied')
    expect(workspace.apply(delivery(11, 11, titled(11, 'One'))).result).toBe('known')
    expect(workspace.apply(delivery(13, 13, titled(13, 'Three'))).result).toBe('hole')
    // one that begins too early would judge rights from a place where this screen no longer stands
    expect(workspace.apply(delivery(11, 12, titled(12, 'Two'))).result).toBe('hole')
    expect(workspace.row(dossierId)?.title).toBe('One')
  })
})

describe('a predicted change', () => {
  const predicted = 'commandPredicted1'
  beforeEach(() => workspace.predict(predicted, new Map([[dossierId, { title: 'Predicted' }]])))

  it('shows at once, and goes back when it is refused', () => {
    expect(workspace.row(dossierId)?.title).toBe('Predicted')
    workspace.settle(predicted)
    expect(workspace.row(dossierId)?.title).toBe('Before')
  })

  it('stays until its event arrives, without flickering back', () => {
    workspace.accepted(predicted, 12)
    workspace.apply(delivery(11, 11))
    expect(workspace.row(dossierId)?.title).toBe('Predicted')
    workspace.apply(delivery(12, 12, titled(12, 'Predicted', predicted)))
    expect(workspace.row(dossierId)).toMatchObject({ title: 'Predicted', at: 12 })
  })

  it('ends with its number, also where the dossier went away and comes back', () => {
    workspace.accepted(predicted, 11)
    workspace.apply({ from: 11, to: 11, items: [{ kind: 'gone', dossierId }] })
    workspace.apply({ from: 12, to: 12, items: [{ kind: 'row', row: { ...row, at: 12, title: 'Given back' } }] })
    expect(workspace.row(dossierId)?.title).toBe('Given back')
  })

  it('ends with a snapshot that contains it', () => {
    workspace.accepted(predicted, 12)
    open(20, [{ ...row, at: 15, title: 'Later' }])
    expect(workspace.row(dossierId)?.title).toBe('Later')
  })
})

describe('a predicted change of the office', () => {
  const predicted = 'commandPredicted1'
  const changed = (role: Role) => ({ type: 'member.changed', memberId: me, fields: { role: ['adviser', role] } }) satisfies Happening
  const role = () => workspace.frame.members[0]?.role
  beforeEach(() => workspace.predictFrame(predicted, changed('clerk')))

  it('shows at once, and goes back when it is refused', () => {
    expect(role()).toBe('clerk')
    workspace.settle(predicted)
    expect(role()).toBe('adviser')
  })

  it('lies over what others do meanwhile, and ends with its own event', () => {
    const stamp = { at: 1, by: me }
    workspace.accepted(predicted, 12)
    workspace.apply(delivery(11, 11, { ...changed('viewer'), ...stamp, n: 11, commandId: 'commandOther00001' }))
    expect(role()).toBe('clerk')
    workspace.apply(delivery(12, 12, { ...changed('manager'), ...stamp, n: 12, commandId: predicted }))
    expect(role()).toBe('manager')
  })

  it('ends with its number where its event brings this screen nothing', () => {
    workspace.accepted(predicted, 11)
    workspace.apply(delivery(11, 11))
    expect(role()).toBe('adviser')
  })
})

it('an open dossier is told when a snapshot or a row brings more than events told', () => {
  const stale: (string | null)[] = []
  workspace.onStale((id) => stale.push(id))
  open(12, [row])
  workspace.apply({ from: 13, to: 13, items: [{ kind: 'row', row: { ...row, at: 13 } }] })
  expect(stale).toEqual([null, dossierId])
})
