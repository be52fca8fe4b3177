import { expect, it } from 'vitest'
import { newMember } from '#shared/contracts/member.ts'
import type { Offices } from '../queries/offices.ts'
import type { Store } from '../store/store.ts'
import type { Accounts } from './accounts.ts'
import { createDoor } from './door.ts'

const headers = new Headers({ cookie: 'session=1' })
const actor = { officeId: 'office', memberId: 'ana', ...newMember }

/** A door before accounts that answer when the test says so. */
function doorWith(find: () => ReturnType<Accounts['session']>) {
  const accounts = { session: find } as unknown as Accounts
  const store = { seat: async () => ({ officeId: 'office', memberId: 'ana' }) } as unknown as Store
  const offices = { actor: async () => actor } as unknown as Offices
  return createDoor(accounts, store, offices, () => 1_000)
}

it('a session that ends while it is looked up is nobody’s', async () => {
  const { promise, resolve } = Promise.withResolvers<{ accountId: string; sessionKey: string }>()
  const door = doorWith(() => promise)
  const asked = door.authenticate(headers)
  door.sessionEnded('key')
  resolve({ accountId: 'account', sessionKey: 'key' })
  expect(await asked).toBeNull()
  expect(door.hasEnded('key')).toBe(true)
})

it('a session that was read a moment ago is nobody’s from its end on; another one of the account goes on', async () => {
  let key = 'one'
  const door = doorWith(async () => ({ accountId: 'account', sessionKey: key }))
  expect(await door.authenticate(headers)).toMatchObject({ sessionKey: 'one' })
  door.sessionEnded('one')
  expect(await door.authenticate(headers)).toBeNull()
  key = 'two'
  expect(await door.authenticate(new Headers({ cookie: 'session=2' }))).toMatchObject({ sessionKey: 'two' })
})
