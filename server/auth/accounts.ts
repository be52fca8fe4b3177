import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'

/** The header that carries the client's address to the rate limiter; always set by us, whatever came in. */
export const addressHeader = 'x-codossier-address'

export interface AccountsOptions {
  dataDir: string
  /** The address people use; decides whether cookies are `Secure`. */
  publicOrigin: string | null
  isAllowedOrigin: (origin: string | undefined) => boolean
}

/** Accounts, credentials and sessions, in a file and on a connection of their own; no office. */
export interface Accounts {
  /** The account and session a request's cookie stands for, or null. */
  session(headers: Headers): Promise<{ accountId: string; sessionKey: string } | null>
  /** Handles one of the few account requests that are served (sign-in, sign-out, get-session). */
  handle(request: Request): Promise<Response>
  /** Makes an account. Returns its id; null when the address is taken. */
  create(account: { email: string; name: string; password: string }): Promise<string | null>
  remove(accountId: string): Promise<void>
  /** Removes the account of this address, if there is one. */
  removeAddress(email: string): Promise<void>
  close(): void
}

const baseUrl = 'http://codossier.local'

export async function openAccounts({ dataDir, publicOrigin, isAllowedOrigin }: AccountsOptions): Promise<Accounts> {
  const database = new DatabaseSync(join(dataDir, 'accounts.db'))
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000')
  const auth = betterAuth({
    database,
    secret: await secretIn(dataDir),
    // requests are handed over under this address; who may send them is judged at our own door
    baseURL: baseUrl,
    trustedOrigins: (request) => {
      const origin = request?.headers.get('origin') ?? undefined
      return origin && isAllowedOrigin(origin) ? [origin] : []
    },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 10, maxPasswordLength: 200 },
    session: { expiresIn: 60 * 60 * 24 * 30, updateAge: 60 * 60 * 24 },
    rateLimit: {
      enabled: true,
      window: 60,
      max: 600,
      customRules: { '/sign-in/email': { window: 60, max: 60 } },
    },
    advanced: {
      cookiePrefix: 'codossier',
      useSecureCookies: publicOrigin?.startsWith('https:') ?? false,
      ipAddress: { ipAddressHeaders: [addressHeader] },
    },
    logger: { disabled: true },
    telemetry: { enabled: false },
  })
  await (await getMigrations(auth.options)).runMigrations()
  const context = await auth.$context

  return {
    async session(headers) {
      const found = await auth.api.getSession({ headers, query: { disableRefresh: true } })
      return found && { accountId: found.user.id, sessionKey: found.session.id }
    },
    handle(request) {
      const { pathname, search } = new URL(request.url)
      return auth.handler(new Request(`${baseUrl}${pathname}${search}`, request))
    },
    async create({ email, name, password }) {
      const address = email.toLowerCase()
      if (await context.internalAdapter.findUserByEmail(address)) return null
      const user = await context.internalAdapter.createUser({ email: address, name, emailVerified: true }, { method: 'admin' })
      await context.internalAdapter.linkAccount({
        userId: user.id,
        providerId: 'credential',
        accountId: user.id,
        password: await context.password.hash(password),
      })
      return user.id
    },
    async remove(accountId) {
      await context.internalAdapter.deleteUser(accountId)
    },
    async removeAddress(email) {
      const found = await context.internalAdapter.findUserByEmail(email.toLowerCase())
      if (found) await context.internalAdapter.deleteUser(found.user.id)
    },
    close() {
      database.close()
    },
  }
}

/** The secret that signs cookies: made on first start, kept in the data folder, readable by its owner only. */
async function secretIn(dataDir: string): Promise<string> {
  const file = join(dataDir, 'secret')
  if (!existsSync(file)) await writeFile(file, randomBytes(48).toString('base64url'), { mode: 0o600, flag: 'wx' })
  return (await readFile(file, 'utf8')).trim()
}
