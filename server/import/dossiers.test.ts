import { expect, it } from 'vitest'
import { abandonReasons } from '#shared/contracts/dossier.ts'
import { planImport } from './plan.ts'
import { clients, countingIds, dossiers, emptyFrame, faultsOf, knownClient, members, n, planned } from './small-office.fixture.ts'

const couple = { partner_first_name: 'Gayle', partner_last_name: 'Goldner', advice_for: 'both' }

it('a dossier stands in its stage since the day it was created, at the number of the import', () => {
  const plan = planned({
    members: members({}),
    clients: clients(couple),
    dossiers: dossiers({
      subject: 'partner',
      owner_email: 'bo@office.example',
      division: 'North',
      amount: '302000',
      provenance: 'Referral',
      introducer: 'Klocko - Bahringer',
      complete: 'yes',
    }),
  })
  const stage = plan.frame.stages[3]
  const created = Date.UTC(2026, 1, 3)
  expect(plan.dossiers).toEqual([
    {
      id: expect.any(String) as string,
      at: n,
      number: '2026-00001',
      clientId: plan.clients[0]?.id,
      clientName: 'Kian Goldner',
      partnerName: 'Gayle Goldner',
      title: 'First home',
      kind: null,
      status: 'client',
      stageId: stage?.id,
      stageSince: created,
      amount: 30_200_000,
      createdOn: '2026-02-03',
      changedAt: created,
      ownerId: plan.owners[0]?.id,
      divisionId: plan.divisions[0]?.id,
      readerIds: [],
      abandonReason: null,
      subject: 'partner',
      provenance: 'Referral',
      introducer: 'Klocko - Bahringer',
      complete: true,
      versions: {},
      stageDates: { [stage?.id ?? '']: created },
    },
  ])
  expect(plan.event).toEqual({ type: 'dossier.imported', clients: 1, dossierIds: [plan.dossiers[0]?.id] })
})

it('S4.2 the seven reasons are read as the files name them, in their order', () => {
  const words = ['Abandon projet', 'Banque perso', 'concurrence', 'Refus banque', 'Endettement', 'Surendettement', 'AUTRE ']
  const rows = words.map((word, i) => ({ number: `2026-0000${i}`, status: 'abandoned', abandon_reason: word }))
  const plan = planned({ clients: clients({}), dossiers: dossiers(...rows) })
  expect(plan.dossiers.map((d) => d.abandonReason)).toEqual(abandonReasons)
})

it('a stage is found by its name in any language', () => {
  const names = ['offer received', 'Offerte ontvangen', 'Tilbud modtaget', 'Angebot erhalten', 'OFFRE REÇUE']
  const plan = planned({ clients: clients({}), dossiers: dossiers(...names.map((stage, i) => ({ number: `N-${i}`, stage }))) })
  expect(new Set(plan.dossiers.map((d) => d.stageId))).toEqual(new Set([plan.frame.stages[3]?.id]))
})

it('of two stages with the same name the first is meant', () => {
  const frame = emptyFrame()
  const twice = { ...frame, stages: [...frame.stages, ...frame.stages.map((stage) => ({ ...stage, id: `${stage.id}-again` }))] }
  const plan = planned({ frame: twice, clients: clients({}), dossiers: dossiers({}) })
  expect(plan.dossiers[0]?.stageId).toBe(frame.stages[3]?.id)
})

it('notes are kept as they stand, and empty ones make none', () => {
  const hostile = '<img src=x onerror=alert(1)> =HYPERLINK("http://x")\n  second line 👍'
  const plan = planned({
    clients: clients({}),
    dossiers: dossiers({ number: 'N-1', note: hostile }, { number: 'N-2', note: '  ' }),
  })
  expect(plan.notes).toEqual([{ dossierId: plan.dossiers[0]?.id, text: hostile }])
})

it('clients and numbers of the office are known, and its counters move on', () => {
  const known = { clients: [knownClient('K1')], dossierNumbers: ['2026-00001'], counters: [{ id: 'dossierNumber-2026', next: 2 }] }
  const plan = planned({ known, dossiers: dossiers({ number: '2026-00041' }) })
  expect(plan.dossiers[0]).toMatchObject({ clientId: 'known-client-K1', clientName: 'Sabine Henry', partnerName: '' })
  expect(plan.puts.map((put) => put.kind)).toEqual(['dossier', 'counter'])
  expect(plan.puts.at(-1)?.record).toEqual({ id: 'dossierNumber-2026', next: 42 })
  expect(faultsOf({ known, dossiers: dossiers({}) })).toEqual(['dossiers 2 number double'])
})

it('names each fault of a dossier', () => {
  const rows = dossiers(
    {
      number: '',
      client_ref: '',
      title: '',
      subject: 'child',
      status: 'open',
      stage: '',
      created_on: '',
      amount: 'much',
      complete: 'maybe',
    },
    { number: 'N-1', client_ref: 'K9', owner_email: 'nobody@office.example', division: 'West', stage: 'Moon landing' },
    { number: 'N-1', created_on: '1969-12-31' },
    { number: 'N-2', status: 'abandoned', abandon_reason: 'Ennui' },
    { number: 'N-3', note: 'x'.repeat(50_001) },
    { number: 'N-4', title: 'a\tb' },
  )
  expect(faultsOf({ clients: clients({}), dossiers: rows })).toEqual([
    ...['number missing', 'client_ref missing', 'title missing', 'subject notAllowed', 'status notAllowed'].map((f) => `dossiers 2 ${f}`),
    ...['stage missing', 'created_on missing', 'amount notAnAmount', 'complete notAllowed'].map((f) => `dossiers 2 ${f}`),
    ...['client_ref unknownClient', 'division unknownDivision', 'owner_email unknownOwner', 'stage unknownStage'].map(
      (f) => `dossiers 3 ${f}`,
    ),
    'dossiers 4 created_on notADate',
    'dossiers 4 number double',
    'dossiers 5 abandon_reason notAllowed',
    'dossiers 6 note tooLong',
    'dossiers 7 title controlCharacter',
  ])
})

it('S4.2 abandoned needs a reason, and nothing else may have one', () => {
  const rows = dossiers(
    { number: 'N-1', status: 'abandoned' },
    { number: 'N-2', status: 'client', abandon_reason: 'Autre' },
    { number: 'N-3', status: 'closed', stage: 'Dossier closed', abandon_reason: 'Autre' },
  )
  expect(faultsOf({ clients: clients({}), dossiers: rows })).toEqual([
    'dossiers 2 abandon_reason reasonMissing',
    'dossiers 3 abandon_reason reasonWithoutAbandon',
    'dossiers 4 abandon_reason reasonWithoutAbandon',
  ])
})

it('S4.9 closed is in the closing stage, and only there', () => {
  const closed = { status: 'closed', stage: 'Offer signed' }
  const inClosing = ['prospect', 'client', 'abandoned', 'closed'].map((status, i) => ({
    number: `N-${i}`,
    status,
    stage: 'Dossier closed',
    abandon_reason: status === 'abandoned' ? 'Autre' : '',
  }))
  expect(faultsOf({ clients: clients({}), dossiers: dossiers({ ...closed }, ...inClosing) })).toEqual([
    'dossiers 2 status statusAndStage',
    'dossiers 3 status statusAndStage',
    'dossiers 4 status statusAndStage',
    'dossiers 5 status statusAndStage',
  ])
})

it('S3.5 the subject can be the partner only where there is one', () => {
  const rows = dossiers({ subject: 'partner' })
  expect(faultsOf({ clients: clients({}), dossiers: rows })).toEqual(['dossiers 2 subject noPartner'])
  expect(faultsOf({ clients: clients(couple), dossiers: rows })).toEqual([])
})

it('S0.3 the owner of a dossier is in its division', () => {
  const people = members({ email: 'bo@office.example', divisions: 'North' }, { email: 'di@office.example', divisions: 'South' })
  const rows = dossiers({ owner_email: 'bo@office.example', division: 'South' })
  expect(faultsOf({ members: people, clients: clients({}), dossiers: rows })).toEqual(['dossiers 2 owner_email ownerNotInDivision'])
})

it('all or nothing: one fault in one file, and there is no plan', () => {
  const files = { members: members({}), clients: clients({}), dossiers: dossiers({}, { number: 'N-1', amount: 'much' }) }
  expect(faultsOf(files)).toEqual(['dossiers 3 amount notAnAmount'])
})

it('what refers to a faulty client gets no fault of its own for that', () => {
  expect(faultsOf({ clients: clients({ last_name: '' }), dossiers: dossiers({ subject: 'partner' }) })).toEqual([
    'clients 2 last_name missing',
  ])
})

it('a file that cannot be read is the only thing it names', () => {
  expect(faultsOf({ clients: 'client_ref,"', dossiers: dossiers({}) })).toEqual(['clients 1 - notCsv'])
  expect(faultsOf({ clients: clients({}), dossiers: 'number\nN-1' })).toContain('dossiers 1 client_ref missingColumn')
})

it('a fault carries what the file says there, cut to what can be shown', () => {
  const frame = emptyFrame()
  const files = { clients: clients({}), dossiers: dossiers({ title: 'x'.repeat(500) }, { number: 'N-1', amount: ' much ' }) }
  const result = planImport({ frame, ...files, n, newId: countingIds() })
  expect(result.ok ? [] : result.faults.map((fault) => fault.value)).toEqual(['x'.repeat(200), ' much '])
})
