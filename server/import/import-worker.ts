import { parentPort, workerData } from 'node:worker_threads'
import type { Client } from '#shared/contracts/client.ts'
import type { Dossier } from '#shared/contracts/dossier.ts'
import type { Fault } from '#shared/contracts/import-fault.ts'
import type { CheckImport, CheckResult } from '#shared/contracts/import-job.ts'
import { applyToFrame } from '#shared/domain/apply.ts'
import { defused } from '#shared/domain/formula.ts'
import { newId } from '../new-id.ts'
import { withoutAccount } from '../queries/offices.ts'
import { noteUpdateFromText } from '../rooms/import-text.ts'
import { openStore } from '../store/open.ts'
import type { Bulk, Store } from '../store/store.ts'
import { decode } from './decode.ts'
import { importFields, guessMapping } from './fields.ts'
import { fileBlob, readBlob } from './incoming.ts'
import type { FilePlan, KnownOffice } from './file-plan.ts'
import { planFile } from './plan-file.ts'
import { asInFile, datesOf, faultyRows, rowsOf } from './rows.ts'
import { readTable, type Table } from './table.ts'
import { planUndo } from './undo-import.ts'
import type { Answers, Ask, Planned, ReadAnswer, Reply, WorkerData } from './worker-messages.ts'

/** How many faults and changes are shown; all are counted. */
const shownFaults = 1_000
const shownChanges = 200
const sampleRows = 20
/** Records in one part of a large commit. */
const partSize = 2_000
const pageSize = 2_000

const { place, officeId, file, upload } = workerData as WorkerData
// a read-only connection of its own: a long read holds nobody up
const store = await openStore(place, { readOnly: true })
let table: Table | null = null
let faults: Fault[] = []

const say = (reply: Reply, transfer: ArrayBuffer[] = []) => parentPort?.postMessage(reply, transfer)

parentPort?.on('message', ({ job, ask }: { job: number; ask: Ask }) => {
  answerTo(ask).then(
    (answer) => say({ job, answer }, buffersOf(answer)),
    (error: unknown) => say({ job, error: error instanceof Error ? error.message : String(error) }),
  )
})

async function answerTo(ask: Ask): Promise<Answers[keyof Answers]> {
  switch (ask.kind) {
    case 'read':
      return read()
    case 'check':
      return check(await planned(ask.asked))
    case 'plan':
      return asPlanned(await planned(ask.asked))
    case 'faults': {
      if (!table) throw new Error('nothing was read yet')
      return new Uint8Array(new TextEncoder().encode(faultyRows(table, faults, defused)))
    }
    case 'planUndo': {
      const plan = await planUndo(store, officeId, ask.importId)
      if ('refusal' in plan) return plan
      const { puts, drops, ...rest } = plan.undo
      return { planned: { ...rest, bulk: encoded(puts, drops) } }
    }
  }
}

/** All of the file: one that lacks a part is none. */
async function fileBytes(): Promise<Uint8Array> {
  if (!upload) throw new Error('there is no file to be read')
  const bytes = await readBlob(store, officeId, upload.id, fileBlob)
  if (bytes.length !== upload.bytes) throw new Error(`of ${upload.bytes} bytes of the file ${bytes.length} were found`)
  return bytes
}

async function read(): Promise<ReadAnswer> {
  const bytes = await fileBytes()
  const nothing = { delimiter: ',', encoding: '', headings: [], rows: 0, sample: [], guess: {}, dates: 'auto' as const }
  const problem = (reason: Fault['reason'], line: number, column: string | null): ReadAnswer => ({
    ...nothing,
    problem: { file, line, column, reason, value: '' },
  })
  const text = decode(bytes)
  if (!text) return problem('notText', 1, null)
  const found = readTable(text.text)
  if ('reason' in found) return problem(found.reason, found.line, found.column)
  table = found
  const guess = guessMapping(file, found.headings)
  return {
    problem: null,
    delimiter: found.delimiter,
    encoding: text.encoding,
    headings: found.headings,
    rows: found.rows.length + found.uneven.length,
    sample: found.rows.slice(0, sampleRows).map(({ cells }) => cells.map((cell) => cell.slice(0, 200))),
    guess,
    dates: datesOf(file, found, guess),
  }
}

interface PlannedFile {
  base: number
  plan: FilePlan
  rows: number
}

/** Plans the file against the office as it is in one moment; another thread may have read it first. */
async function planned(asked: CheckImport): Promise<PlannedFile> {
  if (!table) await read()
  if (!table) throw new Error('the file could be read before')
  const { mapping } = asked
  const missing = importFields[file].filter(({ name, required }) => required && mapping[name] === undefined)
  const total = table.rows.length + table.uneven.length
  const nothing = { base: 0, rows: total, plan: planFile(file, { rows: [], mapped: new Set(), known: emptyOffice, now: 0, newId }) }
  if (missing.length > 0 && !isUpdateOnly(missing.map(({ name }) => name))) {
    nothing.plan.faults = missing.map(({ name }) => ({ file, line: 1, column: name, reason: 'missingColumn' as const, value: '' }))
    return nothing
  }
  say({ progress: { done: 0, total } })
  const dates = asked.dates === 'auto' ? datesOf(file, table, mapping) : asked.dates
  const rows = rowsOf(file, table, mapping, dates)
  const { base, known } = await office(store)
  say({ progress: { done: Math.round(total / 2), total } })
  const plan = planFile(file, { rows, mapped: new Set(Object.keys(mapping)), known, now: Date.now(), newId })
  const byLine = new Map(table.rows.map(({ line, cells }) => [line, cells]))
  const found = table
  const uneven = found.uneven.map(({ line, cells }) => ({
    file,
    line,
    column: null,
    reason: 'wrongCellCount' as const,
    value: String(cells.length),
  }))
  plan.faults = [...plan.faults.map((fault) => asInFile(fault, found, byLine, mapping)), ...uneven].sort((a, b) => a.line - b.line)
  say({ progress: { done: total, total } })
  return { base, plan, rows: total }
}

/** Without these columns no row can be new, but known ones can be changed. */
function isUpdateOnly(missing: readonly string[]): boolean {
  const key = { members: 'email', clients: 'client_ref', dossiers: 'number' }[file]
  return !missing.includes(key)
}

const emptyOffice: KnownOffice = {
  frame: {
    office: { id: officeId, name: '', language: 'en', currency: 'EUR', timeZone: 'UTC', divisionsOn: false, seesWhat: 'everyone' },
    ...{ members: [], owners: [], divisions: [], stages: [] },
  },
  clients: [],
  dossiers: [],
  counters: [],
}

function check({ plan, rows }: PlannedFile): CheckResult {
  faults = plan.faults
  const faultyRows = new Set(plan.faults.map(({ line }) => line)).size
  return {
    counts: countsOf(plan, plan.faults.some(({ line }) => line === 1) ? rows : faultyRows),
    faults: plan.faults.slice(0, shownFaults),
    faultCount: plan.faults.length,
    faultyRows,
    changes: plan.changes.slice(0, shownChanges),
    changeCount: plan.changes.length,
    warnings: plan.warnings.slice(0, shownFaults),
  }
}

const countsOf = (plan: FilePlan, faulty: number) => ({
  created: plan.created,
  changed: plan.changes.length,
  unchanged: plan.unchanged,
  faulty,
})

function asPlanned({ base, plan }: PlannedFile): Planned {
  const isLarge = (kind: string) => kind === 'client' || kind === 'dossier'
  const large = plan.puts.filter(({ kind }) => isLarge(kind))
  const faulty = new Set(plan.faults.map(({ line }) => line)).size
  return {
    base,
    bulk: encoded(large, []),
    smallPuts: plan.puts.filter(({ kind }) => !isLarge(kind)),
    frame: plan.frame,
    subjects: plan.subjects,
    dossierIds: plan.dossierIds,
    clientsCreated: plan.clientsCreated,
    counts: countsOf(plan, faulty),
    detail: plan.detail,
    notes: plan.notes.map(({ dossierId, text }) => ({ dossierId, bytes: new Uint8Array(noteUpdateFromText(text)) })),
    touched: [...plan.detail.changed.clients.map(({ id }) => id), ...plan.subjects.map(({ dossierId }) => dossierId)],
    gone: { members: [], owners: [], divisions: [] },
  }
}

function encoded(puts: Bulk['puts'], drops: Bulk['drops']): Uint8Array<ArrayBuffer>[] {
  const parts: Bulk[] = []
  for (let from = 0; from < puts.length; from += partSize) parts.push({ puts: puts.slice(from, from + partSize), drops: [] })
  for (let from = 0; from < drops.length; from += partSize) parts.push({ puts: [], drops: drops.slice(from, from + partSize) })
  return parts.map((part) => new Uint8Array(new TextEncoder().encode(JSON.stringify(part))))
}

/** Buffers that are handed over instead of copied. */
function buffersOf(answer: Answers[keyof Answers]): ArrayBuffer[] {
  if (answer instanceof Uint8Array) return [answer.buffer]
  const plan = 'planned' in answer ? answer.planned : 'bulk' in answer ? answer : null
  return plan ? [...plan.bulk.map(({ buffer }) => buffer), ...plan.notes.map(({ bytes }) => bytes.buffer)] : []
}

/** The office at one moment: read again where it moved on meanwhile. */
async function office(from: Store): Promise<{ base: number; known: KnownOffice }> {
  for (let tries = 0; ; tries++) {
    const base = await from.number(officeId)
    const [offices, members, owners, divisions, stages, counters] = await Promise.all([
      from.all(officeId, 'office'),
      from.all(officeId, 'member'),
      from.all(officeId, 'owner'),
      from.all(officeId, 'division'),
      from.all(officeId, 'stage'),
      from.all(officeId, 'counter'),
    ])
    const clients = file === 'members' ? [] : await everyOne<Client>((after) => from.page(officeId, 'client', after, pageSize))
    const dossiers = file === 'members' ? [] : await everyOne<Dossier>((after) => from.page(officeId, 'dossier', after, pageSize))
    if ((await from.number(officeId)) !== base && tries < 5) continue
    const [settings] = offices
    if (!settings) throw new Error('there is no such office')
    const frame = applyToFrame(emptyOffice.frame, {
      ...{ type: 'office.created', n: 1, at: 0, by: '', commandId: '' },
      frame: { office: settings, members: members.map(withoutAccount), owners, divisions, stages },
    })
    return { base, known: { frame, clients, dossiers, counters } }
  }
}

async function everyOne<R extends { id: string }>(page: (after: string | null) => Promise<R[]>): Promise<R[]> {
  const all: R[] = []
  for (let after: string | null = null; ;) {
    const some = await page(after)
    if (some.length === 0) return all
    for (const record of some) all.push(record)
    after = some.at(-1)?.id ?? null
  }
}
