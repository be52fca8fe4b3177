import { expect, it } from 'vitest'
import type { Partner } from '../contracts/client.ts'
import { householdName, partnerNameOf, personName } from './household.ts'

const partner = (status: Partner['status']): Partner => ({
  firstName: 'Gayle',
  lastName: 'Kuhlman',
  birthDate: null,
  status,
  statusDate: null,
})

it('a person without a first name, or without a last one, has no blank around the other', () => {
  expect(personName({ firstName: 'Ava', lastName: 'van Veen' })).toBe('Ava van Veen')
  expect(personName({ firstName: '', lastName: 'van Veen' })).toBe('van Veen')
  expect(personName({ firstName: 'Ava', lastName: '' })).toBe('Ava')
})

it('an ex-partner or a deceased one is not part of the household today', () => {
  expect(partnerNameOf({ partner: partner('partner') })).toBe('Gayle Kuhlman')
  expect(partnerNameOf({ partner: partner('ex') })).toBe('')
  expect(partnerNameOf({ partner: partner('deceased') })).toBe('')
  expect(partnerNameOf({ partner: null })).toBe('')
})

it.each([
  ['Arnulfo Kuhlman', '', 'Arnulfo Kuhlman'],
  ['Arnulfo Kuhlman', 'Gayle Kuhlman', 'Arnulfo & Gayle Kuhlman'],
  ['Mas van der Horst', 'Dana van der Horst', 'Mas & Dana van der Horst'],
  ['Mary Ann Smith', 'John Smith', 'Mary Ann & John Smith'],
  ['Jan Smit', 'Jan Smit', 'Jan & Jan Smit'],
  ['Kian Goldner', 'Eulalia Goyette', 'Kian Goldner & Eulalia Goyette'],
  ['Isa van Veen', 'Luka van de Veen', 'Isa van Veen & Luka van de Veen'],
  ['Anna de Vries', 'Jan Vries', 'Anna de Vries & Jan Vries'],
  ['Jan Vries', 'Anna de Vries', 'Jan Vries & Anna de Vries'],
  ['Kuhlman', 'Gayle Kuhlman', 'Kuhlman & Gayle Kuhlman'],
  ['Arnulfo Kuhlman', 'Kuhlman', 'Arnulfo Kuhlman & Kuhlman'],
])('%j and %j are %j', (client, second, name) => {
  expect(householdName(client, second)).toBe(name)
})
