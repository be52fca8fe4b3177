import { expect, it } from 'vitest'
import { assign, fieldOf, unfilled } from './mapping.ts'

it('a column that is given a field takes it from the column that had it, and lets go of its own', () => {
  const mapping = assign({ name: 0, email: 1 }, 1, 'name')
  expect(mapping).toEqual({ name: 1 })
  expect(fieldOf(mapping, 0)).toBeNull()
  expect(fieldOf(mapping, 1)).toBe('name')
})

it('a column can be left out of the import, the first one too', () => {
  expect(assign({ name: 0, email: 1 }, 0, null)).toEqual({ email: 1 })
})

it('names what has no column, required and not, in the order of the fields', () => {
  const fields = [
    { name: 'email', required: true },
    { name: 'language', required: false },
    { name: 'name', required: true },
    { name: 'role', required: true },
  ]
  expect(unfilled(fields, { name: 0 })).toEqual({ required: ['email', 'role'], optional: ['language'] })
})
