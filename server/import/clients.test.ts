import { expect, it } from 'vitest'
import { clients, faultsOf, knownClient, members, n, planned } from './small-office.fixture.ts'

const people = members(
  { email: 'bo@office.example', name: 'Bo', divisions: 'North' },
  { email: 'cy@office.example', name: 'Cy', divisions: 'South', role: 'clerk' },
  { email: 'di@office.example', name: 'Di', divisions: 'South' },
)

it('a name is enough', () => {
  const [client] = planned({ clients: clients({ first_name: '', last_name: 'Goldner' }) }).clients
  expect(client).toMatchObject({
    at: n,
    reference: 'K1',
    firstName: '',
    lastName: 'Goldner',
    email: null,
    partner: null,
    children: [],
    ownerId: null,
  })
})

it('a household: partner with status and date, children with birth date and custody, owner and division', () => {
  const plan = planned({
    members: people,
    clients: clients({
      birth_date: '1969-05-06',
      partner_first_name: 'Eulalia',
      partner_last_name: 'Goyette',
      partner_birth_date: '1949-09-25',
      partner_status: 'ex',
      partner_status_date: '2020-02-29',
      children: 'Eden:2015-09-10:home| Mary: Ann :: alternating ',
      advice_for: 'both',
      owner_email: 'BO@office.example',
      division: 'north',
    }),
  })
  expect(plan.clients[0]).toMatchObject({
    birthDate: '1969-05-06',
    partner: { firstName: 'Eulalia', lastName: 'Goyette', birthDate: '1949-09-25', status: 'ex', statusDate: '2020-02-29' },
    children: [
      { name: 'Eden', birthDate: '2015-09-10', custody: 'home' },
      { name: 'Mary:Ann', birthDate: null, custody: 'alternating' },
    ],
    adviceFor: 'both',
    ownerId: plan.owners[0]?.id,
    divisionId: plan.divisions[0]?.id,
  })
})

it('a partner whose status is left out is a partner', () => {
  const [client] = planned({ clients: clients({ partner_last_name: 'Goyette' }) }).clients
  expect(client?.partner).toEqual({ firstName: '', lastName: 'Goyette', birthDate: null, status: 'partner', statusDate: null })
})

it('names each fault of a client', () => {
  expect(
    faultsOf({
      clients: clients(
        { client_ref: '', last_name: ' ', birth_date: '2025-02-30', language: 'xx', advice_for: '' },
        { client_ref: 'K2', partner_birth_date: '1949-09-25' },
        { client_ref: 'K3', partner_last_name: 'Goyette', partner_status: 'friend', partner_status_date: 'soon' },
        { client_ref: 'K4', children: 'Eden' },
        { client_ref: 'K5', children: 'Eden:2015-02-30:home' },
        { client_ref: 'K6', children: 'Eden:2015-02-03:weekends' },
        { client_ref: 'K7', children: Array(31).fill('Eden::home').join('|') },
      ),
    }),
  ).toEqual([
    'clients 2 client_ref missing',
    'clients 2 last_name missing',
    'clients 2 birth_date notADate',
    'clients 2 language notAllowed',
    'clients 2 advice_for notAllowed',
    'clients 3 partner_last_name missing',
    'clients 4 partner_status notAllowed',
    'clients 4 partner_status_date notADate',
    'clients 5 children malformed',
    'clients 6 children malformed',
    'clients 7 children malformed',
    'clients 8 children tooMany',
  ])
})

it('names a reference used twice in the file or in the office', () => {
  const known = { clients: [knownClient('K1')], dossierNumbers: [], counters: [] }
  expect(faultsOf({ known, clients: clients({}, { client_ref: 'K2' }, { client_ref: ' K2 ' }) })).toEqual([
    'clients 2 client_ref double',
    'clients 4 client_ref double',
  ])
})

it('S0.3 an owner must be known, in the directory, and in the division', () => {
  const rows = clients(
    { client_ref: 'K1', owner_email: 'nobody@office.example', division: 'North' },
    { client_ref: 'K2', owner_email: 'cy@office.example', division: 'South' },
    { client_ref: 'K3', owner_email: 'di@office.example', division: 'North' },
    { client_ref: 'K4', owner_email: 'di@office.example', division: 'West' },
    { client_ref: 'K5', owner_email: 'di@office.example', division: '' },
    { client_ref: 'K6', owner_email: '', division: 'North' },
  )
  expect(faultsOf({ members: people, clients: rows })).toEqual([
    'clients 2 owner_email unknownOwner',
    'clients 3 owner_email notInDirectory',
    'clients 4 owner_email ownerNotInDivision',
    'clients 5 division unknownDivision',
  ])
})

it('S0.8 without divisions any owner of the directory may own', () => {
  const { frame } = planned({ members: people })
  const without = { ...frame, office: { ...frame.office, divisionsOn: false } }
  const [client] = planned({ frame: without, clients: clients({ owner_email: 'di@office.example', division: 'North' }) }).clients
  expect(client?.ownerId).toBe(frame.owners.find((o) => o.name === 'Di')?.id)
})

it('what refers to a faulty row gets no fault of its own for that', () => {
  const faulty = members({ email: 'bo@office.example', name: '', divisions: 'North' })
  expect(faultsOf({ members: faulty, clients: clients({ owner_email: 'bo@office.example', division: 'North' }) })).toEqual([
    'members 2 name missing',
  ])
})
