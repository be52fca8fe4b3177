import type { Id } from '#shared/contracts/ids.ts'
import type { CopyKeys } from '../copies/copy-keys.ts'
import type { Store } from '../store/store.ts'
import type { Accounts, EndSessions } from './accounts.ts'

export interface SessionEndsOptions {
  store: Pick<Store, 'get'>
  accounts: Pick<Accounts, 'endSessions'>
  copies: Pick<CopyKeys, 'sessionsEnded'>
  /** Tells every door of this node that a session ended. */
  tell: (sessionKey: string) => void
}

/** Ends sessions for good: in the accounts, at the doors, and with the keys of what lies in their browsers. */
export function createSessionEnds({ store, accounts, copies, tell }: SessionEndsOptions) {
  const endSessions: EndSessions = async (accountId, which) => {
    const ended = await accounts.endSessions(accountId, which)
    ended.forEach(tell)
    await copies.sessionsEnded(accountId, which ?? (() => true))
    return ended.length
  }
  /** All sessions of a member; one without an account has none. */
  async function endSessionsOf(officeId: Id, memberId: Id): Promise<void> {
    const accountId = (await store.get(officeId, 'member', memberId))?.accountId
    if (accountId) await endSessions(accountId)
  }
  return { endSessions, endSessionsOf }
}
