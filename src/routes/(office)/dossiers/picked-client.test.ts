import { describe, expect, it } from 'vitest'
import { clientOf } from './picked-client.ts'

const newId = () => 'client-new-00001'

describe('S3.3 a client made inside the new-dossier dialog', () => {
  it('parts a typed name after its first word', () => {
    expect(clientOf({ kind: 'new', name: ' Davy  van der Pol ' }, newId)).toEqual({
      id: 'client-new-00001',
      new: { firstName: 'Davy', lastName: 'van der Pol' },
    })
  })
  it('takes a single word as the last name', () => {
    expect(clientOf({ kind: 'new', name: 'Knabe' }, newId)).toEqual({ id: 'client-new-00001', new: { firstName: '', lastName: 'Knabe' } })
  })
  it('links who is already there', () => {
    expect(clientOf({ kind: 'known', id: 'client-old-00001' }, newId)).toEqual({ id: 'client-old-00001' })
  })
})
