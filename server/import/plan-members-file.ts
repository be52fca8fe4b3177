import type { Division } from '#shared/contracts/division.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Member, MemberChanges, MemberFields } from '#shared/contracts/member.ts'
import { newMember } from '#shared/contracts/member.ts'
import type { Frame } from '#shared/contracts/office.ts'
import type { Owner } from '#shared/contracts/owner.ts'
import { nextColour } from '#shared/domain/colour.ts'
import { bringsEntry } from '#shared/domain/membership.ts'
import { ownEntry } from '#shared/domain/ownership.ts'
import { keyOf } from './cells.ts'
import { checkRows, doubles } from './check-rows.ts'
import { cellChanges, emptyPlan, type FileInput, type FilePlan, orUsual, overlaid } from './file-plan.ts'
import { MemberRow, newDivisions } from './members.ts'
import type { CsvRow } from './read-csv.ts'

/** A file of members: who is known by their address is changed, others are made, to be invited; divisions that it names are made. */
export function planMembersFile({ rows, mapped, known, newId }: FileInput): FilePlan {
  const plan = emptyPlan()
  const { frame } = known
  const byEmail = new Map(frame.members.map((member) => [keyOf(member.email), member]))
  const isDouble = doubles()
  const whole = rows.map((row) => {
    const member = byEmail.get(keyOf(row.cells.email))
    const cells = overlaid(row, member ? cellsOf(frame, member) : nothing).cells
    return { line: row.line, cells: orUsual(cells, { language: frame.office.language }) }
  })
  const checked = checkRows('members', whole, MemberRow, ({ email }) =>
    isDouble(keyOf(email)) ? [{ column: 'email', reason: 'double' }] : [],
  )
  const good = new Set(checked.lines)
  const goodRows = whole.filter(({ line }) => good.has(line))
  plan.faults = checked.faults
  plan.frame.divisions = newDivisions(frame, goodRows, newId)
  const divisions = [...frame.divisions, ...plan.frame.divisions]
  const people = [...frame.members]
  checked.values.forEach((row, i) => {
    const named = new Set(row.divisions.map(keyOf))
    const divisionIds = [...named].flatMap((key) => divisions.find((d) => keyOf(d.name) === key)?.id ?? [])
    const wanted = { name: row.name, role: row.role, language: row.language, divisionIds }
    const present = byEmail.get(keyOf(row.email))
    if (!present) {
      const colour = nextColour(divisionIds, people)
      const member: Member = { id: newId(), email: row.email, ...wanted, ...newMember, colour }
      people.push(member)
      add(plan, member, newId)
    } else {
      const line = { line: checked.lines[i] ?? 0, cells: goodRows[i]?.cells ?? {} }
      change(plan, frame, divisions, present, wanted, mapped, line, newId)
    }
  })
  refuseLastAdmin(plan, frame, whole)
  if (frame.divisions.length === 0 && plan.frame.divisions.length > 0) plan.frame.divisionsOn = true
  plan.detail.created.divisions = plan.frame.divisions.map(({ id }) => id)
  plan.puts.push(
    ...plan.frame.divisions.map((record) => ({ kind: 'division' as const, record })),
    ...plan.frame.owners.map((record) => ({ kind: 'owner' as const, record })),
  )
  return plan
}

const nothing = Object.fromEntries(Object.keys(MemberRow.shape).map((field) => [field, '']))

function cellsOf(frame: Frame, member: Member): CsvRow['cells'] {
  const names = member.divisionIds.map((id) => frame.divisions.find((d) => d.id === id)?.name ?? '')
  return { email: member.email, name: member.name, role: member.role, divisions: names.join('|'), language: member.language }
}

function add(plan: FilePlan, member: Member, newId: () => Id): void {
  plan.created++
  plan.frame.members.push(member)
  plan.detail.created.members.push(member.id)
  if (!bringsEntry(member.role)) return
  const owner: Owner = { id: newId(), name: member.name, memberId: member.id, divisionIds: [] }
  plan.frame.owners.push(owner)
  plan.detail.created.owners.push(owner.id)
}

function change(
  plan: FilePlan,
  frame: Frame,
  divisions: readonly Division[],
  present: Member,
  wanted: Pick<MemberFields, 'name' | 'role' | 'language' | 'divisionIds'>,
  mapped: ReadonlySet<string>,
  row: CsvRow,
  newId: () => Id,
): void {
  const fields: MemberChanges = {}
  if (mapped.has('name') && wanted.name !== present.name) fields.name = [present.name, wanted.name]
  if (mapped.has('role') && wanted.role !== present.role) fields.role = [present.role, wanted.role]
  if (mapped.has('language') && row.cells.language && wanted.language !== present.language) {
    fields.language = [present.language, wanted.language]
  }
  if (mapped.has('divisions') && wanted.divisionIds.toSorted().join() !== present.divisionIds.toSorted().join()) {
    fields.divisionIds = [present.divisionIds, wanted.divisionIds]
  }
  if (Object.keys(fields).length === 0) return void plan.unchanged++
  const after = { ...present, ...Object.fromEntries(Object.entries(fields).map(([field, [, value]]) => [field, value])) }
  plan.frame.members.push(after)
  plan.detail.changed.members.push({ id: present.id, fields })
  const shown = cellChanges(cellsOf(frame, present), cellsOf({ ...frame, divisions: [...divisions] }, after), mapped)
  plan.changes.push({ line: row.line, key: present.email, name: after.name, fields: shown })
  const own = ownEntry(frame, present.id)
  if (own && fields.name) {
    const renamed = { ...own, name: after.name }
    plan.frame.owners.push(renamed)
    plan.detail.changed.owners.push({ before: own, after: renamed })
  }
  if (!own && bringsEntry(after.role)) {
    const owner: Owner = { id: newId(), name: after.name, memberId: after.id, divisionIds: [] }
    plan.frame.owners.push(owner)
    plan.detail.created.owners.push(owner.id)
  }
}

/** The last active admin stays admin. */
function refuseLastAdmin(plan: FilePlan, frame: Frame, rows: readonly CsvRow[]): void {
  const after = new Map(plan.frame.members.map((member) => [member.id, member]))
  const admins = frame.members.filter((m) => m.role === 'admin' && m.state === 'active')
  if (admins.some((m) => (after.get(m.id) ?? m).role === 'admin')) return
  for (const row of rows) {
    if (!admins.some((m) => keyOf(m.email) === keyOf(row.cells.email))) continue
    const value = row.cells.role ?? ''
    plan.faults.push({ file: 'members', line: row.line, column: 'role', reason: 'lastAdmin', value })
    const id = admins.find((m) => keyOf(m.email) === keyOf(row.cells.email))?.id
    plan.frame.members = plan.frame.members.filter((m) => m.id !== id)
    plan.frame.owners = plan.frame.owners.filter((o) => o.memberId !== id)
    plan.detail.changed.members = plan.detail.changed.members.filter((m) => m.id !== id)
    plan.detail.changed.owners = plan.detail.changed.owners.filter(({ after: owner }) => owner.memberId !== id)
    plan.changes = plan.changes.filter(({ line }) => line !== row.line)
  }
}
