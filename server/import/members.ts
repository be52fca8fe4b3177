import { z } from 'zod'
import type { Division } from '#shared/contracts/division.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { newMember, type Member, roles } from '#shared/contracts/member.ts'
import { languages } from '#shared/contracts/language.ts'
import { type Frame } from '#shared/contracts/office.ts'
import type { Owner } from '#shared/contracts/owner.ts'
import { nextColour } from '#shared/domain/colour.ts'
import { bringsEntry } from '#shared/domain/membership.ts'
import { because, keyOf, line, namesIn, oneOf, required } from './cells.ts'
import { checkRows, doubles } from './check-rows.ts'
import type { Fault } from '#shared/contracts/import-fault.ts'
import type { CsvRow } from './read-csv.ts'

/** A row of members.csv. */
export const MemberRow = z.object({
  email: required(200)
    .toLowerCase()
    .pipe(z.email(because('notAnEmail'))),
  name: required(120),
  role: oneOf(roles),
  divisions: line(2000)
    .transform(namesIn)
    .pipe(z.array(z.string().max(120, because('tooLong'))).max(100, because('tooMany'))),
  language: oneOf(languages),
})
type MemberRow = z.output<typeof MemberRow>

export interface PlannedMembers {
  members: Member[]
  owners: Owner[]
  divisions: Division[]
  /** The frame with all these in it. */
  frame: Frame
  /** Addresses (`keyOf`) of rows with a fault: what refers to them is not judged by it. */
  unjudged: Set<string>
  faults: Fault[]
}

/** Members with the divisions they name; each admin, manager and adviser gets an entry of the owner directory. */
export function planMembers(before: Frame, rows: readonly CsvRow[], newId: () => Id): PlannedMembers {
  const isDouble = doubles(before.members.map((m) => keyOf(m.email)))
  const { values, faults } = checkRows('members', rows, MemberRow, ({ email }) =>
    isDouble(keyOf(email)) ? [{ column: 'email', reason: 'double' }] : [],
  )
  const divisions = newDivisions(before, rows, newId)
  const frame: Frame = {
    ...before,
    divisions: [...before.divisions, ...divisions],
    members: [...before.members],
    owners: [...before.owners],
  }
  for (const row of values) join(frame, row, newId)
  const faulty = new Set(faults.map((fault) => fault.line))
  return {
    members: frame.members.slice(before.members.length),
    owners: frame.owners.slice(before.owners.length),
    divisions,
    frame,
    unjudged: new Set(rows.filter((row) => faulty.has(row.line)).map((row) => keyOf(row.cells.email))),
    faults,
  }
}

function join(frame: Frame, row: MemberRow, newId: () => Id): void {
  const named = new Set(row.divisions.map(keyOf))
  // in the order of the row: the first is the default for new dossiers
  const divisionIds = [...named].flatMap((key) => frame.divisions.find((d) => keyOf(d.name) === key)?.id ?? [])
  const { email, name, role, language } = row
  const colour = nextColour(divisionIds, frame.members)
  const member: Member = { id: newId(), name, email, role, divisionIds, language, ...newMember, colour }
  frame.members.push(member)
  if (bringsEntry(role)) frame.owners.push({ id: newId(), name, memberId: member.id, divisionIds: [] })
}

/** Divisions that the rows name and the office does not have, in the order of their first mention. */
export function newDivisions(frame: Frame, rows: readonly CsvRow[], newId: () => Id): Division[] {
  const known = new Set(frame.divisions.map((d) => keyOf(d.name)))
  const names = new Map<string, string>()
  for (const name of rows.flatMap((row) => namesIn(row.cells.divisions))) {
    if (!known.has(keyOf(name)) && !names.has(keyOf(name))) names.set(keyOf(name), name.normalize('NFC'))
  }
  return [...names.values()].map((name) => ({ id: newId(), name }))
}
