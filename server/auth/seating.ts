import type { Id } from '#shared/contracts/ids.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import type { Store } from '../store/store.ts'
import type { Accounts } from './accounts.ts'

/** Who is to sign in with a new account, and in which office they sit. */
export interface Newcomer {
  officeId: Id
  email: string
  name: string
  password: string
}

/**
 * Gives somebody an account and a seat. The account comes first, for it lies elsewhere; `sit` is the commit that seats it, or is refused. An
 * account of this address on which nobody sits was left by a start that was cut short, or belongs to another node that is about to seat it:
 * it is never removed, and gets this password only after it was seated here.
 */
export async function seatAccount(
  { accounts, store }: { accounts: Accounts; store: Pick<Store, 'seat'> },
  { officeId, ...account }: Newcomer,
  sit: (accountId: string) => Promise<Refusal | null>,
): Promise<Refusal | null> {
  const made = await accounts.create(account)
  const accountId = made ?? (await accounts.find(account.email))
  if (accountId === null) throw new Error('the account of this address was removed just now')
  if (!made && (await store.seat(accountId))) return { code: 'addressTaken' }
  const refusal = await sit(accountId).catch(async (error: unknown) => {
    const seat = await store.seat(accountId)
    // it may have been committed all the same
    if (seat?.officeId === officeId) return null
    if (made && !seat) await accounts.remove(made)
    throw error
  })
  // another node may have seated it
  if (refusal && made && !(await store.seat(made))) await accounts.remove(made)
  if (!refusal && !made) await accounts.setPassword(accountId, account.password)
  return refusal
}
