import type { Context } from 'hono'
import { z } from 'zod'
import { Password } from '#shared/contracts/join.ts'
import { type Accounts, addressHeader, type EndSessions, notSignedIn } from '../auth/accounts.ts'
import { type Limits, networkOf } from '../auth/limits.ts'
import { invalid } from '../commands/invalid.ts'
import { refusalResponse, tooOften } from './refusal-response.ts'

export interface SignInOptions {
  accounts: Accounts
  limits: Limits
  /** May the member of this account act: active in an office? */
  mayAct: (accountId: string) => Promise<boolean>
  endSessions: EndSessions
  addressOf: (c: Context) => string
}

const Credentials = z.object({ email: z.string().trim().toLowerCase().max(200), password: Password })

/**
 * Signing in, slowed down by account (whether it exists or not) and by the client's address. Whoever may not act gets the answer of a wrong
 * password. A right password is no guess: the account's attempt is given back.
 */
export async function signIn({ accounts, limits, mayAct, endSessions, addressOf }: SignInOptions, c: Context): Promise<Response> {
  const address = addressOf(c)
  const byAddress = await limits.signIn.take(networkOf(address))
  if ('waitSeconds' in byAddress) return refusalResponse(tooOften(byAddress.waitSeconds))
  const asked = Credentials.safeParse(await c.req.json().catch(() => undefined))
  if (!asked.success) return refusalResponse(invalid(asked.error))
  const byAccount = await limits.account.take(asked.data.email)
  if ('waitSeconds' in byAccount) return refusalResponse(tooOften(byAccount.waitSeconds))
  const headers = new Headers(c.req.raw.headers)
  headers.set(addressHeader, address)
  const { response, accountId } = await accounts.signIn(asked.data, headers)
  if (!accountId) return response
  byAccount.giveBack()
  if (await mayAct(accountId)) return response
  await endSessions(accountId)
  return notSignedIn()
}
