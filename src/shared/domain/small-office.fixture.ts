import type { Id } from '../contracts/ids.ts'
import { newMember, type Member, type Role } from '../contracts/member.ts'
import type { Frame } from '../contracts/office.ts'
import type { Stage } from '../contracts/stage.ts'

/** Three stages, the last the closing one. */
export const stages: Stage[] = [
  { id: 'stage-first', names: { en: 'Client created', fr: 'Client créé' }, closing: false, usualDays: 14 },
  { id: 'stage-second', names: { en: 'Offer received', fr: 'Offre reçue' }, closing: false, usualDays: 10 },
  { id: 'stage-closing', names: { en: 'Dossier closed', fr: 'Dossier clôturé' }, closing: true, usualDays: null },
]

export function member(id: Id, role: Role, divisionIds: Id[], state: Member['state'] = 'active'): Member {
  return { id, name: id, email: `${id}@office.example`, role, divisionIds, language: 'en', ...newMember, state, colour: 0 }
}

/**
 * Divisions `north` and `south` are on, everyone sees all. Each member named here has an entry of the directory, `owner-<member>`;
 * besides there is a manual one in `south`, `owner-manual`.
 */
export function frameOf(...members: Member[]): Frame {
  return {
    office: { id: 'office', name: 'Office', language: 'en', currency: 'EUR', timeZone: 'UTC', divisionsOn: true, seesWhat: 'everyone' },
    members,
    owners: [
      ...members.map(({ id }) => ({ id: `owner-${id}`, name: id, memberId: id, divisionIds: [] })),
      { id: 'owner-manual', name: 'Manual', memberId: null, divisionIds: ['south'] },
    ],
    divisions: [
      { id: 'north', name: 'North' },
      { id: 'south', name: 'South' },
    ],
    stages,
  }
}

/** The frame with other settings. */
export function withSettings(frame: Frame, settings: Partial<Frame['office']>): Frame {
  return { ...frame, office: { ...frame.office, ...settings } }
}
