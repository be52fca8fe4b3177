import type { Happening, OfficeEvent } from '#shared/contracts/events.ts'
import type { Id, Instant } from '#shared/contracts/ids.ts'
import { invitationMs } from '#shared/contracts/link.ts'
import { newMember, type Member } from '#shared/contracts/member.ts'
import type { Frame, Office } from '#shared/contracts/office.ts'
import { noteUpdateFromText } from '../rooms/import-text.ts'
import { defaultStages, samplePlan } from '../sample/office.ts'
import type { Put, SeatedMember, Store } from '../store/store.ts'

export interface NewOffice {
  /** Absent: a new one. */
  id?: Id
  office: Omit<Office, 'id' | 'divisionsOn' | 'seesWhat'>
  /**
   * The first admin, and the account they sign in with or the link by which they join within 7 days; null: an office whose only members
   * are the sample's.
   */
  admin: { name: string; email: string; accountId: string } | { name: string; email: string; linkId: Id } | null
  withSample: boolean
  /** Members of the sample who get an account at once, by e-mail. */
  accounts?: ReadonlyMap<string, string>
}

interface Tools {
  store: Store
  now: () => Instant
  newId: () => Id
}

/** There is an office of this id already. */
export class OfficeThere extends Error {
  override name = 'OfficeThere'
}

/** Creates an office, with the sample's people, clients and dossiers where wanted: all of it or nothing. Returns its id; throws `OfficeThere`. */
export async function createOffice(tools: Tools, wanted: NewOffice): Promise<Id> {
  const { store, newId } = tools
  const now = tools.now()
  const officeId = wanted.id ?? newId()
  const begun = beginning(officeId, wanted, tools)
  const plan = wanted.withSample ? await samplePlan({ frame: begun.frame, n: 2, newId }) : null
  if (plan && !plan.ok) throw new Error(`the sample office has ${plan.faults.length} faults`)
  const frame = activated(plan?.frame ?? begun.frame, wanted.accounts)
  const by = begun.admin?.id ?? frame.members.find((m) => m.role === 'admin')?.id ?? officeId
  const stamp = (happening: Happening, n: number): OfficeEvent => ({ ...happening, n, at: now, by, commandId: officeId })

  // the notes first: a text without its dossier harms nobody, a dossier without its text would
  if (plan) await appendNotes(tools, officeId, by, plan.notes)
  const puts = [
    ...(plan?.puts.filter((p) => !isFramePut(p)) ?? []),
    ...framePuts(frame, begun.admin, wanted),
    ...linkPuts(begun.admin, wanted),
  ]
  const events = [stamp({ type: 'office.created', frame }, 1), ...(plan ? [stamp(plan.event, 2)] : [])]
  const result = await store.commit({ officeId, expect: 0, events, puts, answers: [], fences: [] })
  if (result.kind === 'done') return officeId
  if (plan) await dropNotes(store, officeId, plan.notes)
  throw new OfficeThere(`the office was not created: ${result.kind}`)
}

function beginning(officeId: Id, { office, admin, withSample }: NewOffice, { newId, now }: Tools): { frame: Frame; admin: Member | null } {
  const member: Member | null = admin && {
    id: newId(),
    name: admin.name,
    email: admin.email,
    role: 'admin',
    divisionIds: [],
    language: office.language,
    ...newMember,
    ...('accountId' in admin ? { state: 'active' } : { invitedUntil: now() + invitationMs }),
    colour: 0,
  }
  const frame: Frame = {
    // S0.8: divisions are off until the first one is made; the sample brings six
    office: { id: officeId, ...office, divisionsOn: withSample, seesWhat: 'everyone' },
    members: member ? [member] : [],
    // every admin, manager and adviser is in the owner directory from the start
    owners: member ? [{ id: newId(), name: member.name, memberId: member.id, divisionIds: [] }] : [],
    divisions: [],
    stages: defaultStages(newId),
  }
  return { frame, admin: member }
}

function activated(frame: Frame, accounts: NewOffice['accounts']): Frame {
  if (!accounts) return frame
  return { ...frame, members: frame.members.map((m) => (accounts.has(m.email) ? { ...m, state: 'active' } : m)) }
}

function isFramePut({ kind }: Put): boolean {
  return kind === 'office' || kind === 'member' || kind === 'owner' || kind === 'division' || kind === 'stage'
}

function framePuts(frame: Frame, admin: Member | null, wanted: NewOffice): Put[] {
  const seated = (member: Member): SeatedMember => ({
    ...member,
    accountId: member.id === admin?.id ? accountOf(wanted) : (wanted.accounts?.get(member.email) ?? null),
  })
  return [
    { kind: 'office', record: frame.office },
    ...frame.members.map((m): Put => ({ kind: 'member', record: seated(m) })),
    ...frame.owners.map((record): Put => ({ kind: 'owner', record })),
    ...frame.divisions.map((record): Put => ({ kind: 'division', record })),
    ...frame.stages.map((stage, place): Put => ({ kind: 'stage', record: { ...stage, place } })),
  ]
}

function accountOf({ admin }: NewOffice): string | null {
  return admin && 'accountId' in admin ? admin.accountId : null
}

function linkPuts(member: Member | null, { admin }: NewOffice): Put[] {
  if (!admin || !member?.invitedUntil || 'accountId' in admin) return []
  const made = { purpose: 'invitation', madeBy: null, usedAt: null, stoppedAt: null } as const
  return [{ kind: 'link', record: { id: admin.linkId, memberId: member.id, expiresAt: member.invitedUntil, ...made } }]
}

async function appendNotes(
  { store, now }: Tools,
  officeId: Id,
  memberId: Id,
  notes: readonly { dossierId: Id; text: string }[],
): Promise<void> {
  const results = await store.appendNotes(
    notes.map(({ dossierId, text }) => ({
      officeId,
      note: dossierId,
      epoch: 1,
      seq: 1,
      memberId,
      at: now(),
      bytes: noteUpdateFromText(text),
      fence: 0,
    })),
  )
  if (results.some((r) => r !== 'stored')) throw new Error('the notes could not be stored')
}

/** Texts of dossiers that the office did not get. */
async function dropNotes(store: Store, officeId: Id, notes: readonly { dossierId: Id }[]): Promise<void> {
  const drops = notes.map(({ dossierId }) => ({ kind: 'dossier' as const, id: dossierId }))
  const nothing = { events: [], puts: [], answers: [], fences: [] }
  for (;;) {
    const expect = await store.number(officeId)
    const { kind } = await store.commit({ officeId, expect, drops, ...nothing })
    if (kind === 'done') return
  }
}
