import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Frame } from '#shared/contracts/office.ts'
import { startEmptyOffice } from '../harness/office.ts'
import { checked, imported, sampleBytes, settled, upload } from '../harness/import.ts'
import type { Screen, SignedIn } from '../harness/member.ts'

let office: Awaited<ReturnType<typeof startEmptyOffice>>
let admin: SignedIn
let screen: Screen
beforeAll(async () => {
  office = await startEmptyOffice()
  admin = await office.admin()
  screen = await admin.open()
})
afterAll(() => office.stop())

const stageNamed = (frame: Frame, name: string) => frame.stages.find((stage) => stage.names.en === name)?.id
const countIn = (name: string, open = true) =>
  [...screen.workspace.rows.values()].filter(
    (row) => row.stageId === stageNamed(screen.frame, name) && (!open || row.status === 'prospect' || row.status === 'client'),
  ).length

async function exported(ids?: string[]): Promise<string> {
  const response = await admin.post('/api/v1/dossiers/export', { format: 'csv', ...(ids && { ids }) })
  if (!response.ok) throw new Error(`no export: ${response.status}`)
  return response.text()
}

async function history() {
  return ((await (await admin.get('/api/v1/imports')).json()) as { imports: { id: string; undone: object | null }[] }).imports
}

const undo = (id: string) => admin.post(`/api/v1/imports/records/${id}/undo`, {})

describe('S3.1 an office moves in', () => {
  it('S0.1 S0.8 members come in invited, with the divisions they name; the first divisions turn the setting on', async () => {
    expect(screen.frame.office.divisionsOn).toBe(false)
    const job = await imported(admin, 'members', await sampleBytes('members'))
    expect([job.state, job.result?.counts]).toEqual(['done', { created: 24, changed: 0, unchanged: 0, faulty: 0 }])
    await screen.until('the members are there', ({ frame }) => frame.members.length === 25)
    expect(screen.frame.divisions.map(({ name }) => name)).toEqual(['Amsterdam', 'København', 'Köln', 'Lyon', 'Rotterdam', 'Wealth'])
    expect(screen.frame.office.divisionsOn).toBe(true)
    const roles = Object.groupBy(screen.frame.members, ({ role }) => role)
    expect([roles.admin?.length, roles.manager?.length, roles.adviser?.length, roles.clerk?.length, roles.viewer?.length]).toEqual([
      2, 3, 14, 5, 1,
    ])
    expect(screen.frame.members.filter(({ state }) => state === 'invited')).toHaveLength(24)
    expect(screen.frame.owners).toHaveLength(1 + 1 + 3 + 14)
  })

  it('clients and dossiers come in, and every open screen has the counts of the sample', async () => {
    const clients = await imported(admin, 'clients', await sampleBytes('clients'))
    expect(clients.result?.counts).toEqual({ created: 2000, changed: 0, unchanged: 0, faulty: 0 })
    const dossiers = await imported(admin, 'dossiers', await sampleBytes('dossiers'))
    expect([dossiers.state, dossiers.result?.counts.created]).toEqual(['done', 2778])
    await screen.until('the dossiers are there', ({ workspace }) => workspace.rows.size === 2778)
    const stages = ['Client created', 'Documents received', 'Bank appointment', 'Offer received', 'Offer signed']
    expect(stages.map((name) => countIn(name))).toEqual([853, 308, 321, 330, 296])
    const byDivision = screen.frame.divisions.map(({ id, name }) => [
      name,
      [...screen.workspace.rows.values()].filter((r) => r.divisionId === id).length,
    ])
    expect(Object.fromEntries(byDivision)).toEqual({ Amsterdam: 338, Köln: 500, København: 431, Lyon: 510, Rotterdam: 524, Wealth: 475 })
    const aimee = screen.frame.members.find(({ email }) => email === 'aimee.corsten@office.example')
    const hers = screen.frame.owners.find(({ memberId }) => memberId === aimee?.id)
    expect([...screen.workspace.rows.values()].filter(({ ownerId }) => ownerId === hers?.id)).toHaveLength(204)
  })

  it('a note comes in as text, and the next number follows the highest of the year', async () => {
    const row = screen.numbered('2024-00001')
    const grant = await admin.post(`/api/v1/dossiers/${row.id}/note/grant`, {})
    expect(grant.status).toBe(200)
    const { dossier } = await admin.page(row.id)
    expect(dossier.versions).toEqual({})
    expect((await admin.page(row.id)).history.map(({ type }) => type)).toEqual(['dossier.imported'])
  })

  it('S4.16 what is exported and imported again changes nothing', async () => {
    const file = await exported()
    const before = new Map(screen.workspace.rows)
    const job = await checked(admin, 'dossiers', file)
    expect(job.result).toMatchObject({ counts: { created: 0, changed: 0, unchanged: 2778, faulty: 0 }, faults: [], changes: [] })
    const run = await admin.post(`/api/v1/imports/${job.id}/run`, { faulty: 'refuse' })
    expect([run.status, await run.json()]).toEqual([422, { refusal: { code: 'importEmpty' } }])
    for (const kind of ['members', 'clients', 'dossiers'] as const) {
      expect((await checked(admin, kind, await sampleBytes(kind))).result?.counts).toMatchObject({ created: 0, changed: 0, faulty: 0 })
    }
    expect(screen.workspace.rows).toEqual(before)
  })

  it('a file of a Dutch spreadsheet is understood whole: semicolons, Windows-1252, Dutch headings, day first', async () => {
    const job = await checked(admin, 'clients', await sampleBytes('klanten-nl'))
    expect([job.delimiter, job.encoding, job.dates, job.rows]).toEqual([';', 'windows-1252', 'dayFirst', 400])
    expect(Object.keys(job.guess)).toHaveLength(job.headings.length)
    // the same clients: the letters with accents and the dates are right, or they would differ
    expect(job.result).toMatchObject({ faultCount: 0, counts: { created: 0, faulty: 0 } })
    expect(job.result?.changes).toEqual([])
  })

  it('dossiers-faulty.csv has exactly its eight faults; the good rows can go in, the others come back with their faults', async () => {
    const job = await checked(admin, 'dossiers', await sampleBytes('dossiers-faulty'))
    expect(job.result?.faults.map(({ line, column, reason }) => [line, column, reason])).toEqual([
      [3, 'created_on', 'notADate'],
      [5, 'client_ref', 'unknownClient'],
      [7, 'number', 'double'],
      [9, 'stage', 'unknownStage'],
      [11, 'owner_email', 'unknownOwner'],
      [13, 'amount', 'notAnAmount'],
      [15, 'abandon_reason', 'reasonMissing'],
      [19, 'number', 'missing'],
    ])
    const refused = await admin.post(`/api/v1/imports/${job.id}/run`, { faulty: 'refuse' })
    expect([refused.status, await refused.json()]).toEqual([422, { refusal: { code: 'importFaulty', count: 8 } }])
    const faulty = await (await admin.get(`/api/v1/imports/${job.id}/faults.csv`)).text()
    const lines = faulty.trim().split('\r\n')
    expect([lines.length, lines[0]?.endsWith(',faults'), lines[1]?.endsWith(',created_on: notADate')]).toEqual([9, true, true])
    await admin.post(`/api/v1/imports/${job.id}/run`, { faulty: 'leaveOut' })
    expect(await settled(admin, job.id)).toMatchObject({ state: 'done', result: { counts: { created: 12, faulty: 8 } } })
    await screen.until('the good rows are there', ({ workspace }) => workspace.rows.size === 2790)
  })

  it('S4.16 the hostile note is text, and no formula when it is exported', async () => {
    expect(await exported([screen.numbered('B-016').id])).not.toMatch(/(^|,)"?[=+@-]/m)
  })
})

describe('a known reference is changed', () => {
  it('S3.1 a client’s new name and phone are in their dossiers at once, and go with the import', async () => {
    const row = screen.numbered('2024-00001')
    const file = 'client_ref,last_name,phone\nK00001,Henry-Dupont,0699'
    const job = await checked(admin, 'clients', file)
    expect(job.result).toMatchObject({ counts: { created: 0, changed: 1 }, faultCount: 0 })
    expect(job.result?.changes).toMatchObject([
      {
        line: 2,
        key: 'K00001',
        fields: [
          { field: 'last_name', after: 'Henry-Dupont' },
          { field: 'phone', after: '0699' },
        ],
      },
    ])
    await admin.post(`/api/v1/imports/${job.id}/run`, { faulty: 'refuse' })
    const done = await settled(admin, job.id)
    await screen.until('the name is new', (s) => s.row(row.id)?.clientName === 'Sabine Henry-Dupont')
    const page = await admin.page(row.id)
    expect([page.client.phone, page.client.city]).toEqual(['0699', 'Hyères'])
    expect(page.history[0]).toMatchObject({ type: 'dossier.imported', fields: { clientName: ['Sabine Henry', 'Sabine Henry-Dupont'] } })
    expect((await undo(done.importId ?? '')).status).toBe(200)
    await screen.until('the name is back', (s) => s.row(row.id)?.clientName === 'Sabine Henry')
    expect((await admin.page(row.id)).client.phone).toBe('0698470379')
  })

  it('S0.3 S4.9 a dossier’s stage, owner and division follow the rules; what breaks them is a fault', async () => {
    const row = screen.numbered('2026-00002')
    const faults = await checked(
      admin,
      'dossiers',
      'number,owner_email,division,status\n2026-00002,julian.denadel@office.example,Wealth,prospect\n2024-00001,,,prospect',
    )
    expect(faults.result?.faults.map(({ line, column, reason }) => [line, column, reason])).toEqual([
      [2, 'owner_email', 'ownerNotInDivision'],
      [3, 'status', 'statusAndStage'],
    ])
    const done = await imported(admin, 'dossiers', 'number,stage,title\n2026-00002,Offer received,Second home')
    expect(done.state).toBe('done')
    await screen.until('it has moved', (s) => s.row(row.id)?.title === 'Second home')
    expect(screen.row(row.id)).toMatchObject({ stageId: stageNamed(screen.frame, 'Offer received'), status: 'prospect' })
    expect(screen.row(row.id)?.stageSince).toBeGreaterThan(row.stageSince)
  })

  it('the client of a dossier stays; the last active admin stays admin', async () => {
    const other = await checked(admin, 'dossiers', 'number,client_ref\n2026-00002,K00001')
    expect(other.result?.faults).toMatchObject([{ line: 2, column: 'client_ref', reason: 'otherClient' }])
    const demoted = await checked(admin, 'members', 'email,role\nada.first@office.example,viewer')
    expect(demoted.result?.faults).toMatchObject([{ line: 2, column: 'role', reason: 'lastAdmin' }])
  })

  it('S3.8 an ex-partner as subject is taken from elsewhere, with a warning', async () => {
    await imported(
      admin,
      'clients',
      'client_ref,last_name,partner_last_name,partner_status,partner_status_date,advice_for\nX1,Lone,Gone,ex,2020-01-01,both',
    )
    const job = await checked(
      admin,
      'dossiers',
      'number,client_ref,title,subject,status,stage,created_on\nX-1,X1,Old,partner,client,Client created,2024-01-01',
    )
    expect(job.result).toMatchObject({ faultCount: 0, warnings: [{ line: 2, reason: 'partnerGone', value: 'X-1' }] })
  })
})

describe('a changed member', () => {
  it('keeps to the server which account signs in as them', async () => {
    const { name } = screen.frame.members.find(({ email }) => email === 'ada.first@office.example') ?? { name: '' }
    const job = await imported(admin, 'members', 'email,name\nada.first@office.example,Ada Second')
    await screen.until('the name is new', ({ frame }) => frame.members.some((member) => member.name === 'Ada Second'))
    expect(await (await admin.get('/api/v1/workspace')).text()).not.toContain('accountId')
    expect((await undo(job.importId ?? '')).status).toBe(200)
    await screen.until('the name is back', ({ frame }) => frame.members.some((member) => member.name === name))
  })
})

describe('an import is taken back', () => {
  it('as a whole, on every screen, and only once', async () => {
    const before = new Map(screen.workspace.rows)
    const clients = await imported(admin, 'clients', 'client_ref,last_name\nU1,Undone\nU2,Undone')
    const dossiers = await imported(
      admin,
      'dossiers',
      'number,client_ref,title,status,stage,created_on,note\nU-1,U1,One,client,Client created,2026-01-01,first words\nU-2,U2,Two,client,Client created,2026-01-01,',
    )
    await screen.until('they are there', ({ workspace }) => workspace.rows.size === before.size + 2)
    const early = await undo(clients.importId ?? '')
    expect([early.status, await early.json()]).toMatchObject([
      409,
      { refusal: { code: 'changedSince', what: expect.stringMatching(/^U-[12]$/) as unknown } },
    ])
    expect((await undo(dossiers.importId ?? '')).status).toBe(200)
    await screen.until('they are gone', ({ workspace }) => workspace.rows.size === before.size)
    expect(screen.workspace.rows).toEqual(before)
    const again = await undo(dossiers.importId ?? '')
    expect([again.status, await again.json()]).toEqual([409, { refusal: { code: 'undoNotPossible', reason: 'alreadyUndone' } }])
    expect((await undo(clients.importId ?? '')).status).toBe(200)
    expect((await history()).slice(0, 2).every(({ undone }) => undone !== null)).toBe(true)
  })

  it('not once something in it was changed, naming what and who', async () => {
    await imported(admin, 'clients', 'client_ref,last_name\nW1,Written')
    const job = await imported(
      admin,
      'dossiers',
      'number,client_ref,title,status,stage,created_on\nW-1,W1,One,client,Client created,2026-01-01',
    )
    await screen.until('it is there', ({ workspace }) => [...workspace.rows.values()].some((r) => r.number === 'W-1'))
    await screen.send({ type: 'dossier.edit', dossierId: screen.numbered('W-1').id, title: 'Changed' })
    const refused = await undo(job.importId ?? '')
    expect([refused.status, await refused.json()]).toEqual([
      409,
      { refusal: { code: 'changedSince', what: 'W-1', memberName: 'Ada First' } },
    ])
  })

  it('members and divisions too, while nobody has joined and nothing lies in them', async () => {
    const before = screen.frame
    const job = await imported(admin, 'members', 'email,name,role,divisions\nnew.one@office.example,New One,adviser,Bruxelles')
    await screen.until('they are there', ({ frame }) => frame.divisions.some(({ name }) => name === 'Bruxelles'))
    expect((await undo(job.importId ?? '')).status).toBe(200)
    await screen.until('they are gone', ({ frame }) => !frame.divisions.some(({ name }) => name === 'Bruxelles'))
    expect([screen.frame.members, screen.frame.owners, screen.frame.divisions]).toEqual([before.members, before.owners, before.divisions])
    const other = await imported(admin, 'members', 'email,name,role,divisions\nnew.two@office.example,New Two,adviser,Bruxelles')
    await screen.until('they are there', ({ frame }) => frame.members.some(({ name }) => name === 'New Two'))
    const memberId = screen.frame.members.find(({ name }) => name === 'New Two')?.id ?? ''
    await screen.send({ type: 'member.changeRole', memberId, role: 'clerk' })
    expect(await (await undo(other.importId ?? '')).json()).toEqual({
      refusal: { code: 'changedSince', what: 'New Two', memberName: 'Ada First' },
    })
  })
})

describe('bad input', () => {
  it.each<[string, string | Uint8Array, object]>([
    ['a zip named .csv', new Uint8Array([0x50, 0x4b, 3, 4, 20, 0, 0, 0, 8, 0]), { reason: 'notText', line: 1 }],
    ['a broken CSV', 'client_ref,last_name\nA,"open\nB,x\n', { reason: 'notCsv', line: 2 }],
    ['a heading of a million letters', `number,${'x'.repeat(1_000_000)}`, { reason: 'tooLong', line: 1 }],
    ['a million columns', Array.from({ length: 1_000_000 }, (_, i) => `c${i}`).join(','), { reason: 'tooManyColumns', line: 1 }],
    ['a heading twice', 'client_ref,last_name,last_name\nA,b,c', { reason: 'doubleColumn', line: 1, column: 'last_name' }],
    ['nothing at all', '', { reason: 'noHeadings', line: 1 }],
  ])('%s: a clear fault, nothing stored', async (_, bytes, problem) => {
    const { status, body } = await upload(admin, 'clients', bytes)
    expect(status).toBe(201)
    expect(await settled(admin, body.id)).toMatchObject({ state: 'failed', problem })
  })

  it('a row with a cell too many is a fault of that row', async () => {
    const job = await checked(admin, 'clients', 'client_ref,last_name\nE1,b\nE2,c,d\nE3,e')
    expect(job.result).toMatchObject({ counts: { created: 2, faulty: 1 }, faults: [{ line: 3, column: null, reason: 'wrongCellCount' }] })
  })

  it('the same member in two rows, a role that does not exist', async () => {
    const job = await checked(admin, 'members', 'email,name,role\na@b.example,A,adviser\nA@B.example,A,adviser\nc@d.example,C,boss')
    expect(job.result?.faults.map(({ line, column, reason, value }) => [line, column, reason, value])).toEqual([
      [3, 'email', 'double', 'A@B.example'],
      [4, 'role', 'notAllowed', 'boss'],
    ])
  })

  it('a missing column is named; columns that are none, and unknown fields, are refused', async () => {
    const { body } = await upload(admin, 'clients', 'client_ref,phone\nA,1')
    const job = await settled(admin, body.id)
    const ask = (mapping: object) => admin.post(`/api/v1/imports/${job.id}/check`, { mapping })
    for (const mapping of [
      { client_ref: 0, last_name: 7 },
      { client_ref: 0, shoe_size: 1 },
      { client_ref: 0, phone: 0 },
      { client_ref: -1 },
    ])
      expect((await ask(mapping)).status).toBe(422)
    expect((await ask({ phone: 1 })).status).toBe(202)
    expect((await settled(admin, job.id)).result?.faults.map(({ column, reason }) => [column, reason])).toEqual([
      ['client_ref', 'missingColumn'],
      ['last_name', 'missingColumn'],
    ])
  })

  it('200 MB are refused at once by their length, and cut off when they come without one', async () => {
    const large = await fetch(`${admin.url}/api/v1/imports?file=clients&name=big.csv`, {
      method: 'POST',
      headers: { cookie: admin.cookie, origin: admin.url },
      body: new ReadableStream({
        pull(stream) {
          stream.enqueue(new Uint8Array(1024 * 1024).fill(97))
        },
      }),
      duplex: 'half',
    } as RequestInit).then(
      async (response) => [response.status, await response.json()],
      () => 'the line was cut',
    )
    expect([[413, { refusal: { code: 'fileTooLarge', mostBytes: 64 * 1024 * 1024 } }], 'the line was cut']).toContainEqual(large)
    expect((await admin.get('/api/v1/office')).status).toBe(200)
  })

  it('a file that is gone, or another member’s, or no admin’s to import', async () => {
    expect((await admin.get('/api/v1/imports/nosuchimport00001')).status).toBe(404)
    expect((await undo('nosuchimport00001')).status).toBe(404)
    expect((await admin.post('/api/v1/imports?file=shoes', {})).status).toBe(422)
  })
})
