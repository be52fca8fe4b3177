import { z } from 'zod'
import { Child, type Client, type Partner } from '#shared/contracts/client.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { languages } from '#shared/contracts/language.ts'
import { because, date, keyOf, line, oneOf, optional, required } from './cells.ts'
import { checkRows, doubles } from './check-rows.ts'
import type { Fault } from '#shared/contracts/import-fault.ts'
import type { CellFault } from './fault.ts'
import { type Lookup, ownerFaults } from './lookup.ts'
import type { CsvRow } from './read-csv.ts'

const maxChildren = 30

/** `name:birth date:home|alternating`, children split by `|`; the date may be left out, the name may hold colons. */
const children = z
  .string()
  .transform((cell) => (cell.trim() === '' ? [] : cell.split('|').map(childOf)))
  .pipe(
    z
      .array(z.custom<z.output<typeof Child>>((child) => Child.safeParse(child).success, because('malformed')))
      .max(maxChildren, because('tooMany')),
  )

function childOf(text: string): unknown {
  const parts = text.split(':').map((part) => part.trim())
  const [birthDate, custody] = parts.splice(-2)
  return { name: parts.join(':'), birthDate: birthDate || null, custody }
}

/** A row of clients.csv. */
export const ClientRow = z.object({
  client_ref: required(200),
  first_name: line(120),
  last_name: required(120),
  birth_date: date,
  email: optional(200),
  phone: optional(200),
  street: optional(200),
  postcode: optional(200),
  city: optional(200),
  language: oneOf(['', ...languages]).transform((language) => language || null),
  partner_first_name: line(120),
  partner_last_name: line(120),
  partner_birth_date: date,
  partner_status: oneOf(['', 'partner', 'ex', 'deceased']).transform((status) => status || null),
  partner_status_date: date,
  children,
  advice_for: oneOf(['client', 'partner', 'both']),
  owner_email: line(200),
  division: line(120),
})
export type ClientRow = z.output<typeof ClientRow>

/** Checks the clients; `taken` are the references the office has. */
export function checkClients(rows: readonly CsvRow[], lookup: Lookup, taken: Iterable<string>): { values: ClientRow[]; faults: Fault[] } {
  const isDouble = doubles(taken)
  return checkRows('clients', rows, ClientRow, (cells) => [
    ...(isDouble((cells.client_ref ?? '').trim()) ? [{ column: 'client_ref', reason: 'double' } as const] : []),
    ...partnerFaults(cells),
    ...ownerFaults(lookup, cells),
  ])
}

const aboutPartner = ['partner_birth_date', 'partner_status', 'partner_status_date'] as const

/** Whoever says something of a partner names them. */
export function partnerFaults(cells: CsvRow['cells']): CellFault[] {
  if (cells.partner_first_name?.trim() || cells.partner_last_name?.trim()) return []
  return aboutPartner.some((column) => cells[column]?.trim()) ? [{ column: 'partner_last_name', reason: 'missing' }] : []
}

/** The record of a checked row, at the number of the import's event. */
export function clientOf(row: ClientRow, lookup: Lookup, id: Id, n: number): Client {
  return {
    id,
    at: n,
    reference: row.client_ref,
    firstName: row.first_name,
    lastName: row.last_name,
    birthDate: row.birth_date,
    email: row.email,
    phone: row.phone,
    street: row.street,
    postcode: row.postcode,
    city: row.city,
    language: row.language,
    partner: partnerOf(row),
    children: row.children,
    adviceFor: row.advice_for,
    ownerId: lookup.owners.get(keyOf(row.owner_email))?.id ?? null,
    divisionId: lookup.divisions.get(keyOf(row.division))?.id ?? null,
  }
}

function partnerOf(row: ClientRow): Partner | null {
  if (!row.partner_first_name && !row.partner_last_name) return null
  return {
    firstName: row.partner_first_name,
    lastName: row.partner_last_name,
    birthDate: row.partner_birth_date,
    status: row.partner_status ?? 'partner',
    statusDate: row.partner_status_date,
  }
}
