import type { Client } from '#shared/contracts/client.ts'
import type { Division } from '#shared/contracts/division.ts'
import type { Dossier } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Member } from '#shared/contracts/member.ts'
import type { Frame } from '#shared/contracts/office.ts'
import type { Owner } from '#shared/contracts/owner.ts'
import type { Counter, Put } from '../store/store.ts'
import { checkClients, clientOf, ClientRow } from './clients.ts'
import { checkDossiers, dossierOf, DossierRow } from './dossiers.ts'
import type { Fault } from '#shared/contracts/import-fault.ts'
import type { DossiersImported, ImportFile } from '#shared/contracts/import.ts'
import { type Lookup, lookupOf, type NamedClient } from './lookup.ts'
import { MemberRow, planMembers } from './members.ts'
import { numberCounters } from './number-counters.ts'
import { type CsvRow, readCsv } from './read-csv.ts'

/** What the office has already, as far as the files refer to it or collide with it. */
export interface Known {
  clients: readonly (NamedClient & Pick<Client, 'reference'>)[]
  dossierNumbers: readonly string[]
  counters: readonly Counter[]
}

export interface ImportInput extends Partial<Record<ImportFile, string>> {
  /** The office as it is; its stages are found by any of their names. */
  frame: Frame
  known?: Known
  /** The number the import's event will have: records stand at it. */
  n: number
  newId: () => Id
}

/** Everything that one commit needs, and the notes that follow it. */
export interface ImportPlan {
  ok: true
  /** The frame once this is committed. */
  frame: Frame
  members: Member[]
  owners: Owner[]
  divisions: Division[]
  clients: Client[]
  dossiers: Dossier[]
  puts: Put[]
  /** To be stamped with `n`, time, member and command. */
  event: DossiersImported
  /** First texts of internal notes: text as it stands in the file, never markup. */
  notes: { dossierId: Id; text: string }[]
  counts: { members: number; owners: number; divisions: number; clients: number; dossiers: number; notes: number }
}
export type ImportResult = ImportPlan | { ok: false; faults: Fault[] }

const columns = {
  members: Object.keys(MemberRow.shape),
  clients: Object.keys(ClientRow.shape),
  dossiers: Object.keys(DossierRow.shape),
} satisfies Record<ImportFile, string[]>

const nothingKnown: Known = { clients: [], dossierNumbers: [], counters: [] }

/**
 * Texts of CSV files to one plan, or to every fault there is in them: all or nothing. Files may be left out; what they refer to is then
 * looked for in the office. Pure: it reads and writes nothing, ids are handed in.
 */
export function planImport(input: ImportInput): ImportResult {
  const { frame: before, known = nothingKnown, n, newId } = input
  const files = { members: read('members', input), clients: read('clients', input), dossiers: read('dossiers', input) }
  // in a file whose lines cannot be told apart, every other fault would be a guess
  const unread = Object.values(files).flatMap((file) => file.faults)
  if (unread.length > 0) return { ok: false, faults: unread }

  const joined = planMembers(before, files.members.rows, newId)
  const lookup = lookupOf(joined.frame, joined.unjudged)
  const clients = planClients(files.clients.rows, lookup, known, input)
  const checked = checkDossiers(files.dossiers.rows, { lookup, clients: clients.byReference, taken: known.dossierNumbers })
  const faults = [...joined.faults, ...clients.faults, ...checked.faults]
  if (faults.length > 0) return { ok: false, faults }

  const made = checked.values.map((row) => {
    const client = clients.byReference.get(row.client_ref)
    if (!client) throw new Error('a checked row names a known client')
    return { dossier: dossierOf(row, { lookup, client, id: newId(), n }), text: row.note }
  })
  return planOf({
    frame: joined.frame,
    members: joined.members,
    owners: joined.owners,
    divisions: joined.divisions,
    clients: clients.clients,
    dossiers: made.map(({ dossier }) => dossier),
    notes: made.flatMap(({ dossier, text }) => (text.trim() ? [{ dossierId: dossier.id, text }] : [])),
    counters: numberCounters(
      made.map(({ dossier }) => dossier.number),
      known.counters,
    ),
  })
}

function read(file: ImportFile, input: ImportInput): { rows: CsvRow[]; faults: Fault[] } {
  const text = input[file]
  return text === undefined ? { rows: [], faults: [] } : readCsv(file, text, columns[file])
}

/** The clients of the file, and all that dossiers may refer to: those of the file (null where its row has a fault) and of the office. */
function planClients(rows: readonly CsvRow[], lookup: Lookup, known: Known, { n, newId }: Pick<ImportInput, 'n' | 'newId'>) {
  const referenced = known.clients.flatMap((client): [string, NamedClient][] => (client.reference ? [[client.reference, client]] : []))
  const { values, faults } = checkClients(
    rows,
    lookup,
    referenced.map(([reference]) => reference),
  )
  const clients = values.map((row) => clientOf(row, lookup, newId(), n))
  const byReference = new Map<string, NamedClient | null>(rows.map(({ cells }) => [(cells.client_ref ?? '').trim(), null]))
  for (const [reference, client] of referenced) byReference.set(reference, client)
  for (const client of clients) if (client.reference) byReference.set(client.reference, client)
  return { clients, byReference, faults }
}

type Planned = Omit<ImportPlan, 'ok' | 'puts' | 'event' | 'counts'> & { counters: Counter[] }

function planOf({ counters, ...plan }: Planned): ImportPlan {
  const { members, owners, divisions, clients, dossiers, notes } = plan
  return {
    ok: true,
    ...plan,
    puts: [
      ...divisions.map((record): Put => ({ kind: 'division', record })),
      ...members.map((member): Put => ({ kind: 'member', record: { ...member, accountId: null } })),
      ...owners.map((record): Put => ({ kind: 'owner', record })),
      ...clients.map((record): Put => ({ kind: 'client', record })),
      ...dossiers.map((record): Put => ({ kind: 'dossier', record })),
      ...counters.map((record): Put => ({ kind: 'counter', record })),
    ],
    event: { type: 'dossier.imported', clients: clients.length, dossierIds: dossiers.map(({ id }) => id) },
    counts: {
      members: members.length,
      owners: owners.length,
      divisions: divisions.length,
      clients: clients.length,
      dossiers: dossiers.length,
      notes: notes.length,
    },
  }
}
