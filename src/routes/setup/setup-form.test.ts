import { describe, expect, it } from 'vitest'
import type { CreateOffice } from '#shared/contracts/office.ts'
import { codeOf, knownFields, likelyCurrency, wrongFields } from './setup-form.ts'

const good: CreateOffice = {
  code: 'abc',
  officeName: 'Office Amstel',
  language: 'nl',
  currency: 'EUR',
  timeZone: 'Europe/Amsterdam',
  name: 'Kyara Scholten',
  email: 'kyara@office.example',
  password: 'a few long words',
  withSample: false,
}

describe('creating an office', () => {
  it('reads the one-time code out of the fragment', () => {
    expect(codeOf('#code=a-b_c')).toBe('a-b_c')
    expect(codeOf('')).toBe('')
  })

  it('has nothing to say about an office that the contract takes', () => {
    expect(wrongFields(good)).toEqual([])
  })

  it('names exactly the fields that are wrong', () => {
    const wrong = wrongFields({ ...good, officeName: ' ', email: 'kyara', password: 'short', timeZone: 'Mars/Base' })
    expect(wrong).toEqual(['officeName', 'timeZone', 'email', 'password'])
  })

  it('leaves aside what the server names and the form does not have', () => {
    expect(knownFields(['code', 'email'])).toEqual(['email'])
  })

  it('suggests the currency of the place', () => {
    expect(likelyCurrency('Europe/Copenhagen')).toBe('DKK')
    expect(likelyCurrency('Pacific/Auckland')).toBe('EUR')
  })
})
