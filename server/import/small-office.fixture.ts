import type { Client } from '#shared/contracts/client.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Frame } from '#shared/contracts/office.ts'
import { sampleFrame } from '../sample/office.ts'
import type { Fault } from '#shared/contracts/import-fault.ts'
import { type ImportInput, type ImportPlan, planImport } from './plan.ts'

/** Ids that tell their order: `id-00000000001`, … */
export function countingIds(): () => Id {
  let last = 0
  return () => `id-${String(++last).padStart(11, '0')}`
}

export const officeId = 'office-0000000001'
/** The number the import's event has in these tests. */
export const n = 7

/** Divisions are on; nobody is in yet. */
export function emptyFrame(): Frame {
  return sampleFrame(officeId, countingIds())
}

/** The text of a file: rows over what is there anyhow, so that a test writes only what it is about. */
export function csv(usual: Record<string, string>, ...rows: Record<string, string>[]): string {
  const quoted = (cells: string[]) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')
  const lines = rows.map((row) => quoted(Object.values({ ...usual, ...row })))
  return [Object.keys(usual).join(','), ...lines].join('\n')
}

const member = { email: 'bo@office.example', name: 'Bo', role: 'adviser', divisions: 'North', language: 'en' }
const client = {
  client_ref: 'K1',
  first_name: 'Kian',
  last_name: 'Goldner',
  birth_date: '',
  email: '',
  phone: '',
  street: '',
  postcode: '',
  city: '',
  language: '',
  partner_first_name: '',
  partner_last_name: '',
  partner_birth_date: '',
  partner_status: '',
  partner_status_date: '',
  children: '',
  advice_for: 'client',
  owner_email: '',
  division: '',
}
const dossier = {
  number: '2026-00001',
  client_ref: 'K1',
  title: 'First home',
  subject: 'client',
  owner_email: '',
  division: '',
  status: 'client',
  stage: 'Offer received',
  created_on: '2026-02-03',
  amount: '1000',
  provenance: '',
  introducer: '',
  complete: 'no',
  abandon_reason: '',
  note: '',
}

type Rows<T> = Partial<Record<keyof T, string>>[]
export const members = (...rows: Rows<typeof member>) => csv(member, ...rows)
export const clients = (...rows: Rows<typeof client>) => csv(client, ...rows)
export const dossiers = (...rows: Rows<typeof dossier>) => csv(dossier, ...rows)

type Given = Partial<Omit<ImportInput, 'n'>>

/** The plan of these files; throws with the faults if there are any. */
export function planned(given: Given): ImportPlan {
  const result = planImport({ frame: emptyFrame(), newId: countingIds(), n, ...given })
  if (!result.ok) throw new Error(JSON.stringify(result.faults))
  return result
}

/** The faults of these files, as `file line column reason`. */
export function faultsOf(given: Given): string[] {
  const result = planImport({ frame: emptyFrame(), newId: countingIds(), n, ...given })
  return result.ok ? [] : result.faults.map(named)
}

export function named({ file, line, column, reason }: Fault): string {
  return `${file} ${line} ${column ?? '-'} ${reason}`
}

/** A client that the office has already. */
export function knownClient(reference: string): Pick<Client, 'id' | 'reference' | 'firstName' | 'lastName' | 'partner'> {
  return { id: `known-client-${reference}`, reference, firstName: 'Sabine', lastName: 'Henry', partner: null }
}
