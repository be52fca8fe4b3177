import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { betterAuth } from 'better-auth'
import { openAccounts } from '../../server/auth/accounts.ts'

/** An account that is signed in. */
export interface Session {
  accountId: string
  cookie: string
}

/**
 * Accounts and open sessions by e-mail, made without passwords: hashing and checking 200 of them takes longer than everything that
 * is measured, and the server takes 60 sign-ins a minute of one address.
 */
export async function openSessions(dataDir: string, emails: readonly string[]): Promise<Map<string, Session>> {
  // the product makes the tables and the secret
  const accounts = await openAccounts({ dataDir, publicOrigin: null, isAllowedOrigin: () => false })
  await accounts.close()
  const secret = (await readFile(join(dataDir, 'secret'), 'utf8')).trim()
  const database = new DatabaseSync(join(dataDir, 'accounts.db'))
  // nobody minds when these are lost with the power
  database.exec('PRAGMA synchronous = OFF')
  const auth = betterAuth({ database, secret, baseURL: 'http://localhost', advanced: { cookiePrefix: 'codossier' } })
  const { internalAdapter, authCookies } = await auth.$context
  const sessions = new Map<string, Session>()
  for (const email of emails) {
    const user = await internalAdapter.createUser({ email, name: email, emailVerified: true }, { method: 'admin' })
    const { token } = await internalAdapter.createSession(user.id)
    const signature = createHmac('sha256', secret).update(token).digest('base64')
    const cookie = `${authCookies.sessionToken.name}=${encodeURIComponent(`${token}.${signature}`)}`
    sessions.set(email, { accountId: user.id, cookie })
  }
  database.close()
  return sessions
}
