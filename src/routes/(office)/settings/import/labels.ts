import type { Fault, FaultReason } from '#shared/contracts/import-fault.ts'
import type { ImportCounts, ImportFile } from '#shared/contracts/import.ts'
import type { DateOrder } from '#shared/contracts/import-job.ts'
import { kinds, statuses } from '#shared/contracts/dossier.ts'
import { languages } from '#shared/contracts/language.ts'
import { roles } from '#shared/contracts/member.ts'
import { m } from '$paraglide/messages.js'
import { number } from '$lib/format.ts'

/** What a kind of file is called on the screen. */
export function kindLabel(kind: ImportFile): string {
  switch (kind) {
    case 'members':
      return m.import_file_members()
    case 'clients':
      return m.import_file_clients()
    case 'dossiers':
      return m.import_file_dossiers()
  }
}

const fieldLabels: Record<string, () => string> = {
  email: m.import_field_email,
  name: m.import_field_name,
  role: m.import_field_role,
  divisions: m.import_field_divisions,
  language: m.import_field_language,
  client_ref: m.import_field_client_ref,
  first_name: m.import_field_first_name,
  last_name: m.import_field_last_name,
  birth_date: m.import_field_birth_date,
  phone: m.import_field_phone,
  street: m.import_field_street,
  postcode: m.import_field_postcode,
  city: m.import_field_city,
  partner_first_name: m.import_field_partner_first_name,
  partner_last_name: m.import_field_partner_last_name,
  partner_birth_date: m.import_field_partner_birth_date,
  partner_status: m.import_field_partner_status,
  partner_status_date: m.import_field_partner_status_date,
  children: m.import_field_children,
  advice_for: m.import_field_advice_for,
  owner_email: m.import_field_owner_email,
  division: m.import_field_division,
  number: m.import_field_number,
  title: m.import_field_title,
  subject: m.import_field_subject,
  status: m.import_field_status,
  stage: m.import_field_stage,
  created_on: m.import_field_created_on,
  amount: m.import_field_amount,
  provenance: m.import_field_provenance,
  introducer: m.import_field_introducer,
  complete: m.import_field_complete,
  abandon_reason: m.import_field_abandon_reason,
  note: m.import_field_note,
  kind: m.import_field_kind,
  owner: m.import_field_owner,
}

/** What a field is called on the screen; the name itself of one that is not known here. */
export function importFieldLabel(field: string): string {
  return fieldLabels[field]?.() ?? field
}

const faultTexts: Record<FaultReason, () => string> = {
  notCsv: m.import_fault_not_csv,
  notText: m.import_fault_not_text,
  tooManyColumns: m.import_fault_too_many_columns,
  tooManyRows: m.import_fault_too_many_rows,
  noHeadings: m.import_fault_no_headings,
  missingColumn: m.import_fault_missing_column,
  doubleColumn: m.import_fault_double_column,
  wrongCellCount: m.import_fault_wrong_cell_count,
  missing: m.import_fault_missing,
  tooLong: m.import_fault_too_long,
  tooMany: m.import_fault_too_many,
  controlCharacter: m.import_fault_control_character,
  notADate: m.import_fault_not_a_date,
  notAnAmount: m.import_fault_not_an_amount,
  notAnEmail: m.import_fault_not_an_email,
  notAllowed: m.import_fault_not_allowed,
  malformed: m.import_fault_malformed,
  double: m.import_fault_double,
  unknownClient: m.import_fault_unknown_client,
  unknownOwner: m.import_fault_unknown_owner,
  notInDirectory: m.import_fault_not_in_directory,
  unknownDivision: m.import_fault_unknown_division,
  unknownStage: m.import_fault_unknown_stage,
  ownerNotInDivision: m.import_fault_owner_not_in_division,
  reasonMissing: m.import_fault_reason_missing,
  reasonWithoutAbandon: m.import_fault_reason_without_abandon,
  statusAndStage: m.import_fault_status_and_stage,
  noPartner: m.import_fault_no_partner,
  otherClient: m.import_fault_other_client,
  lastAdmin: m.import_fault_last_admin,
  abandoned: m.import_fault_abandoned,
  failed: m.import_fault_failed,
}

/** The words a cell of these fields may hold, as files spell them. */
const allowedWords: Record<string, readonly string[]> = {
  role: roles,
  language: languages,
  status: statuses,
  kind: kinds,
  subject: ['client', 'partner'],
  advice_for: ['client', 'partner', 'both'],
  partner_status: ['partner', 'ex', 'deceased'],
  complete: ['yes', 'no'],
  abandon_reason: ['Abandon projet', 'Banque perso', 'concurrence', 'Refus banque', 'Endettement', 'Surendettement', 'Autre'],
}

/** What is wrong, in words. `field`: which field the faulty column fills, where that is known. */
export function faultText({ reason }: Pick<Fault, 'reason'>, field: string | null): string {
  const words = reason === 'notAllowed' && field !== null ? allowedWords[field] : undefined
  return words ? m.import_fault_not_allowed_but({ words: words.join(', ') }) : faultTexts[reason]()
}

const kb = 1024
const mb = 1024 * kb

/** "412 kB", "63.2 MB". */
export function sizeText(bytes: number): string {
  if (bytes < mb) return m.import_bytes_kb({ n: number(Math.max(1, Math.round(bytes / kb))) })
  return m.import_bytes_mb({ n: number(Math.round((bytes / mb) * 10) / 10) })
}

/** How the columns of a line are kept apart. */
export function delimiterLabel(delimiter: string): string {
  switch (delimiter) {
    case ';':
      return m.import_delimiter_semicolon()
    case '\t':
      return m.import_delimiter_tab()
    case '|':
      return m.import_delimiter_bar()
    default:
      return m.import_delimiter_comma()
  }
}

/** The encoding's usual spelling. */
export function encodingLabel(encoding: string): string {
  return encoding.startsWith('utf') ? encoding.toUpperCase() : encoding.replace(/^./, (letter) => letter.toUpperCase())
}

/** In which order dates are written. */
export function dateOrderLabel(order: Exclude<DateOrder, 'auto'>): string {
  switch (order) {
    case 'iso':
      return m.import_dates_iso()
    case 'dayFirst':
      return m.import_dates_day_first()
    case 'monthFirst':
      return m.import_dates_month_first()
  }
}

/** The act and its number: "Import 2,778 dossiers", or "Import 12 good rows, leave 8 out". */
export function runLabel(kind: ImportFile, { created, changed, unchanged }: ImportCounts, faultyRows: number): string {
  if (faultyRows > 0) {
    const good = created + changed + unchanged
    return m.import_run_good({ count: good, n: number(good), faulty: number(faultyRows) })
  }
  const count = created + changed
  const words = { count, n: number(count) }
  switch (kind) {
    case 'members':
      return m.import_run_members(words)
    case 'clients':
      return m.import_run_clients(words)
    case 'dossiers':
      return m.import_run_dossiers(words)
  }
}

/** "2,778 dossiers imported". */
export function doneLabel(kind: ImportFile, { created, changed }: ImportCounts): string {
  const words = { count: created + changed, n: number(created + changed) }
  switch (kind) {
    case 'members':
      return m.import_done_members(words)
    case 'clients':
      return m.import_done_clients(words)
    case 'dossiers':
      return m.import_done_dossiers(words)
  }
}

/** "18 new · 2 changed · 8 left out": what there is any of. */
export function countsText({ created, changed, unchanged, faulty }: ImportCounts): string {
  const parts: [count: number, words: (input: { n: string }) => string][] = [
    [created, m.import_n_new],
    [changed, m.import_n_changed],
    [unchanged, m.import_n_unchanged],
    [faulty, m.import_n_left_out],
  ]
  return parts.flatMap(([count, words]) => (count > 0 ? [words({ n: number(count) })] : [])).join(' · ')
}
