import { expect, it } from 'vitest'
import { newMember } from '#shared/contracts/member.ts'
import type { Actor } from '#shared/domain/access.ts'
import type { Accounts } from './accounts.ts'
import { createDoor, type DoorOptions, NotCertain } from './door.ts'

const headers = new Headers({ cookie: 'session=1' })
const actor = { officeId: 'office', memberId: 'ana', ...newMember } as unknown as Actor

/** A door before accounts that answer when the test says so. */
function doorWith(find: Accounts['session'], more: Partial<DoorOptions> = {}) {
  const store = { seat: async () => ({ officeId: 'office', memberId: 'ana' }), upToDate: async () => {} }
  const offices = { actor: async () => actor }
  return createDoor({ accounts: { session: find }, store, offices, current: async () => null, now: () => 1_000, ...more })
}
const session = async () => ({ accountId: 'account', sessionKey: 'key' })

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

it('who joined a moment ago is let in where the first look was behind, and who has no seat is not', async () => {
  let isBehind = true
  const store = {
    seat: async () => (isBehind ? null : { officeId: 'office', memberId: 'ana' }),
    upToDate: async () => void (isBehind = false),
  }
  expect(await doorWith(session, { store }).authenticate(headers)).toMatchObject({ actor })
  const nowhere = { seat: async () => null, upToDate: async () => {} }
  expect(await doorWith(session, { store: nowhere }).authenticate(headers)).toBeNull()
})

it('a member whom this node has not heard of yet is let in once the office is as the store has it', async () => {
  let isKnown = false
  const offices = { actor: async () => (isKnown ? actor : null) }
  const current = async () => {
    isKnown = true
    return null
  }
  expect(await doorWith(session, { offices, current }).authenticate(headers)).toMatchObject({ actor })
})

it('where it cannot be told who a request comes from nobody is sent to the sign-in', async () => {
  const store = { seat: async () => null, upToDate: () => Promise.reject(new Error('no majority')) }
  await expect(doorWith(session, { store }).authenticate(headers)).rejects.toThrow(NotCertain)
})
