import { afterAll, beforeAll, expect, it } from 'vitest'
import { unzipSync } from 'fflate'
import { mostExported } from '#shared/contracts/export.ts'
import type { Dossier } from '#shared/contracts/dossier.ts'
import { checkDossiers, dossierOf } from '../../server/import/dossiers.ts'
import { lookupOf } from '../../server/import/lookup.ts'
import { readCsv } from '../../server/import/read-csv.ts'
import { sampleFile } from '../../server/sample/office.ts'
import { newId } from '../../server/new-id.ts'
import { openSqliteStore } from '../../server/store/sqlite/open.ts'
import type { Store } from '../../server/store/store.ts'
import type { Screen, SignedIn } from '../harness/member.ts'
import { startSampleOffice, type TestOffice } from '../harness/office.ts'

let office: TestOffice
let admin: SignedIn
let manager: SignedIn
let screen: Screen
let store: Store

beforeAll(async () => {
  office = await startSampleOffice(['admin', 'manager', 'adviser', 'clerk', 'viewer'])
  admin = await office.signIn('admin')
  manager = await office.signIn('manager')
  screen = await admin.open()
  store = await openSqliteStore({ dataDir: office.dataDir, readOnly: true })
})
afterAll(async () => {
  screen?.close()
  await store?.close()
  await office?.stop()
})

const columns = ['number', 'client_ref', 'title', 'subject', 'owner_email', 'division', 'status', 'stage', 'created_on', 'amount']
  .concat(['provenance', 'introducer', 'complete', 'abandon_reason'])
  .concat(['client', 'partner', 'kind', 'owner', 'stage_since'])

async function exported(member: SignedIn, asked: object): Promise<Response> {
  const response = await member.post('/api/v1/dossiers/export', asked)
  expect(response.status).toBe(200)
  return response
}

async function csv(member: SignedIn, asked: object = {}) {
  const bytes = new Uint8Array(await (await exported(member, { format: 'csv', ...asked })).arrayBuffer())
  expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
  const { rows, faults } = readCsv('dossiers', new TextDecoder().decode(bytes), columns)
  expect(faults).toEqual([])
  return rows.map(({ cells }) => cells)
}

/** The cells of the only sheet, by row: what is in the file, not what a reader makes of it. */
async function sheet(asked: object) {
  const response = await exported(admin, { format: 'xlsx', ...asked })
  const files = unzipSync(new Uint8Array(await response.arrayBuffer()))
  const xml = (name: string) => new TextDecoder().decode(files[name])
  const unescaped = (text: string) =>
    text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&apos;', "'").replaceAll('&amp;', '&')
  const shared = [...xml('xl/sharedStrings.xml').matchAll(/<si><t[^>]*>([^<]*)<\/t><\/si>/g)].map((match) => unescaped(match[1]!))
  const text = xml('xl/worksheets/sheet1.xml')
  const rows = [...text.matchAll(/<row [^>]*>(.*?)<\/row>/gs)].map((row) =>
    [...row[1]!.matchAll(/<c r="([A-Z]+)\d+"([^>]*)>(?:<v>([^<]*)<\/v>)?/g)].map(([, column, attributes, value]) => ({
      column: column!,
      type: /t="(\w+)"/.exec(attributes!)?.[1] ?? 'n',
      value: attributes!.includes('t="s"') ? shared[Number(value)]! : value!,
    })),
  )
  return { rows, text }
}

it('S4.16 an export has every dossier, and says what the import needs to change nothing', async () => {
  const { frame } = screen
  const dossiers = await store.dossiers(frame.office.id, {}, { by: 'number', descending: false }, { offset: 0, limit: 10_000 })
  const bytes = new Uint8Array(await (await exported(admin, { format: 'csv' })).arrayBuffer())
  const { rows } = readCsv('dossiers', new TextDecoder().decode(bytes), columns)
  // the note is not in it (S4.15)
  expect(Object.keys(rows[0]!.cells)).not.toContain('note')
  const clients = await store.many(
    frame.office.id,
    'client',
    dossiers.dossiers.map((d) => d.clientId),
  )
  const byReference = new Map(clients.map((client) => [client.reference ?? '', client]))
  const lookup = lookupOf(frame, new Set())
  const withNote = rows.map(({ line, cells }) => ({ line, cells: { ...cells, note: '' } }))
  const { values, faults } = checkDossiers(withNote, { lookup, clients: byReference, taken: [] })
  expect(faults).toEqual([])
  const byNumber = new Map(dossiers.dossiers.map((d) => [d.number, d]))
  expect(values.length).toBe(dossiers.total)
  for (const row of values) {
    const known = byNumber.get(row.number)!
    expect(dossierOf(row, { lookup, client: byReference.get(row.client_ref)!, id: known.id, n: known.at })).toEqual(known)
  }
})

/** The texts of the faulty file's hostile line, as titles of dossiers. */
async function hostileTitles(): Promise<string[]> {
  const { rows } = readCsv('dossiers', await sampleFile('dossiers-faulty'), ['note'])
  const note = rows.find(({ line }) => line === 17)!.cells['note']!
  return [
    note.slice(0, 200),
    note.slice(note.indexOf('=HYPERLINK')).slice(0, 200),
    '+1+1',
    '-2+3',
    '@SUM(A1:A9)',
    "'=1",
    'a "quoted", one; two',
  ]
}

async function withTitles(titles: readonly string[]): Promise<Dossier[]> {
  const rows = [...screen.workspace.rows.values()].slice(0, titles.length)
  for (const [i, title] of titles.entries()) {
    const { status } = await admin.command({ type: 'dossier.edit', dossierId: rows[i]!.id, title })
    expect(status).toBe(200)
  }
  return Promise.all(rows.map(async ({ id }) => (await store.get(screen.frame.office.id, 'dossier', id))!))
}

it('S4.16 formulas are defused in CSV, and the text can be had back', async () => {
  const titles = await hostileTitles()
  expect(titles[0]).toContain('<img src=x onerror=alert(1)> =HYPERLINK("')
  const dossiers = await withTitles(titles)
  const ids = dossiers.map((d) => d.id)
  const lines = (await (await exported(admin, { format: 'csv', ids })).text()).split('\r\n')
  expect(lines.filter((line) => /(^|,)"?\s*[=+\-@]/.test(line))).toEqual([])
  expect(lines[2]).toContain(`,"'=HYPERLINK(""`)
  expect(lines[3]).toContain(",'+1+1,")
  expect((await csv(admin, { ids })).map((row) => row['title'])).toEqual(titles)
})

it('S4.16 in XLSX text is never a formula, amounts are numbers, dates are dates', async () => {
  const titles = await hostileTitles()
  const dossiers = await withTitles(titles)
  const { rows, text } = await sheet({ ids: dossiers.map((d) => d.id) })
  expect(text).not.toContain('<f>')
  const head = rows[0]!
  const cellsUnder = (heading: string) => {
    const { column } = head.find(({ value }) => value === heading)!
    return rows.slice(1).map((row) => row.find((cell) => cell.column === column))
  }
  expect(cellsUnder('title').map((cell) => [cell?.type, cell?.value])).toEqual(titles.map((title) => ['s', title]))
  expect(cellsUnder('amount').map((cell) => cell && [cell.type, Number(cell.value)])).toEqual(
    dossiers.map(({ amount }) => (amount === null ? undefined : ['n', amount / 100])),
  )
  // days since 1899-12-30
  const serial = (day: string) => (Date.parse(`${day}T00:00:00Z`) - Date.UTC(1899, 11, 30)) / 86_400_000
  expect(cellsUnder('created_on').map((cell) => [cell?.type, Number(cell?.value)])).toEqual(
    dossiers.map(({ createdOn }) => ['n', serial(createdOn)]),
  )
})

it('S4.16 an export holds what the filter shows, in the order asked for', async () => {
  const closed = await csv(admin, { status: ['closed'], sort: 'amount', descending: true })
  const expected = await store.dossiers(
    screen.frame.office.id,
    { status: ['closed'] },
    { by: 'amount', descending: true },
    { offset: 0, limit: 5_000 },
  )
  expect(closed.map((row) => row['number'])).toEqual(expected.dossiers.map((d) => d.number))
  expect(closed.length).toBeGreaterThan(100)
  const numbers = [...screen.workspace.rows.values()].slice(10, 15).reverse()
  const chosen = await csv(admin, { ids: [...numbers.map(({ id }) => id), newId(), numbers[0]!.id] })
  expect(chosen.map((row) => row['number'])).toEqual(numbers.map(({ number }) => number))
  const unowned = await csv(admin, { owner: 'none', search: 'refinancing' })
  expect(unowned.every((row) => row['owner_email'] === '' && /refinancing/i.test(row['title']!))).toBe(true)
})

it('S4.16 an export holds only what the member may see', async () => {
  await admin.command({ type: 'office.changeSettings', seesWhat: 'own' })
  const seen = await manager.open()
  const all = await csv(manager)
  expect(all.map((row) => row['number']).sort()).toEqual([...seen.workspace.rows.values()].map(({ number }) => number).sort())
  expect(all.length).toBeLessThan(screen.workspace.rows.size)
  const unseen = [...screen.workspace.rows.values()].find(({ id }) => !seen.workspace.rows.has(id))!
  expect(await csv(manager, { ids: [unseen.id] })).toEqual([])
  seen.close()
  await admin.command({ type: 'office.changeSettings', seesWhat: 'everyone' })
})

it('export is for admins and managers', async () => {
  for (const person of ['adviser', 'clerk', 'viewer'] as const) {
    const member = await office.signIn(person)
    const response = await member.post('/api/v1/dossiers/export', { format: 'csv' })
    expect([response.status, await response.json()]).toEqual([403, { refusal: { code: 'forbidden', action: 'dossier.export' } }])
  }
})

it('bad input is refused with field and reason; a file has a name that says nothing of anybody', async () => {
  const refusal = async (body: unknown) => {
    const response = await admin.post('/api/v1/dossiers/export', body)
    const { refusal } = (await response.json()) as { refusal: { issues: { field: string }[] } }
    return [response.status, refusal.issues.map(({ field }) => field).join()]
  }
  expect(await refusal({})).toEqual([422, 'format'])
  expect(await refusal({ format: 'pdf' })).toEqual([422, 'format'])
  expect(await refusal({ format: 'csv', ids: ['short'] })).toEqual([422, 'ids.0'])
  expect(await refusal({ format: 'csv', ids: [], status: ['closed'] })).toEqual([422, 'ids'])
  expect(await refusal({ format: 'csv', sort: 'note' })).toEqual([422, 'sort'])
  expect(await refusal({ format: 'csv', ids: Array.from({ length: mostExported + 1 }, () => 'dossierA000000001') })).toEqual([422, 'ids'])
  expect(await refusal({ format: 'csv', search: 'x'.repeat(5 * 1024 * 1024) })).toEqual([413, '(body)'])
  expect(await refusal('no object')).toEqual([422, '(body)'])
  const named = await exported(admin, { format: 'csv', ids: [] })
  expect(named.headers.get('content-disposition')).toMatch(/^attachment; filename="dossiers-\d{4}-\d\d-\d\d\.csv"$/)
  expect(await named.text()).toMatch(/^number,client_ref,client,/)
})
