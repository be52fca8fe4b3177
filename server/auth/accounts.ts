import { createHmac } from 'node:crypto'
import { betterAuth } from 'better-auth'
import { leastPassword, mostPassword } from '#shared/contracts/join.ts'
import { accountsInFolder, accountsInMongo } from './account-database.ts'
import type { SharedAttempts } from './shared-attempts.ts'
import { cookiePrefix, hasSignedCookie } from './signed-cookie.ts'

/** The header that carries the client's address to the rate limiter; always set by us, whatever came in. */
export const addressHeader = 'x-codossier-address'

export interface AccountsOptions {
  dataDir: string
  /** The database that several nodes share; absent or null: a file in `dataDir`. */
  mongodbUri?: string | null
  /** The address people use; decides whether cookies are `Secure`. */
  publicOrigin: string | null
  isAllowedOrigin: (origin: string | undefined) => boolean
  /** How passwords are hashed; absent: as the account library does, by scrypt at a cost that slows guesses down. */
  passwords?: Passwords
}

/** Hashes passwords, and compares them with a hash. */
export interface Passwords {
  hash(password: string): Promise<string>
  verify(asked: { hash: string; password: string }): Promise<boolean>
}

/** A session of an account, as its owner may see it. */
export interface OpenSession {
  key: string
  createdAt: number
  /** Within `touchMs`. */
  lastUsedAt: number
  /** What the browser said of itself when it signed in. */
  device: string
}

/** What a sign-in came to: the answer to hand on, and whose it is where it succeeded. */
export interface SignIn {
  response: Response
  accountId: string | null
}

/** Ends these sessions of an account (absent: all of them) at every door, with their sockets. Resolves to how many. */
export type EndSessions = (accountId: string, which?: (sessionKey: string) => boolean) => Promise<number>

/** Accounts, credentials and sessions, on a connection of their own; no office. */
export interface Accounts {
  /** The account and session a request's cookie stands for, or null. Throws where it cannot be told. */
  session(headers: Headers): Promise<{ accountId: string; sessionKey: string } | null>
  /** Signs in; the answer is the same for a wrong password and an unknown address. `from`: the request's headers. */
  signIn(credentials: { email: string; password: string }, from: Headers): Promise<SignIn>
  /** Handles the other account requests that are served (sign-out, get-session). */
  handle(request: Request): Promise<Response>
  /** Makes an account. Returns its id; null when the address is taken. */
  create(account: { email: string; name: string; password: string }): Promise<string | null>
  /** The account of this address, or null. */
  find(email: string): Promise<string | null>
  remove(accountId: string): Promise<void>
  isPassword(accountId: string, password: string): Promise<boolean>
  /** Sets another password; sign-ins that are under way with the one before come to nothing. Sessions are ended by who calls. */
  setPassword(accountId: string, password: string): Promise<void>
  /** Newest first. */
  sessions(accountId: string): Promise<OpenSession[]>
  /** Ends these sessions of an account; absent: all of them. Returns the keys of those that ended. */
  endSessions(accountId: string, which?: (sessionKey: string) => boolean): Promise<string[]>
  /** A code of 128 bits for this purpose that all nodes make alike, of the secret they share. */
  codeFor(purpose: string): string
  /** Counts with the other nodes; null: there are none. */
  attempts: SharedAttempts | null
  close(): Promise<void>
}

const baseUrl = 'http://codossier.local'
/** When a session was last used is noted once in so many milliseconds. */
const touchMs = 5 * 60_000

export async function openAccounts(options: AccountsOptions): Promise<Accounts> {
  const { dataDir, mongodbUri = null, publicOrigin, isAllowedOrigin } = options
  const place = mongodbUri === null ? await accountsInFolder(dataDir) : await accountsInMongo(mongodbUri)
  const auth = betterAuth({
    database: place.database,
    secret: place.secret,
    // requests are handed over under this address; who may send them is judged at our own door
    baseURL: baseUrl,
    trustedOrigins: (request) => {
      const origin = request?.headers.get('origin') ?? undefined
      return origin && isAllowedOrigin(origin) ? [origin] : []
    },
    emailAndPassword: {
      ...{ enabled: true, disableSignUp: true, minPasswordLength: leastPassword, maxPasswordLength: mostPassword },
      password: options.passwords,
    },
    session: { expiresIn: 60 * 60 * 24 * 30, updateAge: 60 * 60 * 24 },
    // signing in is slowed down at our own door, by account and address
    rateLimit: { enabled: true, window: 60, max: 600, customRules: { '/sign-in/email': false } },
    advanced: {
      cookiePrefix,
      useSecureCookies: publicOrigin?.startsWith('https:') ?? false,
      ipAddress: { ipAddressHeaders: [addressHeader] },
    },
    logger: { disabled: true },
    telemetry: { enabled: false },
  })
  await place.prepare(auth.options)
  const { internalAdapter: adapter, password: passwords } = await auth.$context
  /** The hash of what this address signs in with now; as many look-ups for an address that nobody has. */
  const passwordOf = async (email: string): Promise<string | null> =>
    (await adapter.findCredentialAccount((await open.find(email)) ?? 'nobody'))?.password ?? null
  const readSession = (headers: Headers) => auth.api.getSession({ headers, query: { disableRefresh: true } })
  /** That there is none of a cookie that was made here is said only by what is certain: what is read may be older than its making. */
  async function certainSession(headers: Headers): ReturnType<typeof readSession> {
    const found = await readSession(headers)
    if (found || !hasSignedCookie(headers, place.secret)) return found
    await place.upToDate()
    return readSession(headers)
  }
  const giveCredential = (userId: string, password: string) =>
    adapter.linkAccount({ userId, providerId: 'credential', accountId: userId, password })

  const open: Accounts = {
    async session(headers) {
      const found = await certainSession(headers)
      if (!found) return null
      const { id, token, updatedAt } = found.session
      if (Date.now() - updatedAt.getTime() > touchMs) await adapter.updateSession(token, { updatedAt: new Date() })
      return { accountId: found.user.id, sessionKey: id }
    },
    async signIn(credentials, from) {
      const before = await passwordOf(credentials.email)
      const headers = new Headers({ 'content-type': 'application/json' })
      for (const name of ['origin', 'user-agent', addressHeader]) headers.set(name, from.get(name) ?? '')
      const response = await auth.handler(
        new Request(`${baseUrl}/api/auth/sign-in/email`, { method: 'POST', headers, body: JSON.stringify(credentials) }),
      )
      const accountId = response.ok ? await open.find(credentials.email) : null
      if (!accountId || (await passwordOf(credentials.email)) === before) return { response, accountId }
      // its password was changed, here or on another node, while the one before was being looked at
      const { token } = (await response.json()) as { token: string }
      await adapter.deleteSession(token)
      return { response: notSignedIn(), accountId: null }
    },
    handle(request) {
      const { pathname, search } = new URL(request.url)
      return auth.handler(new Request(`${baseUrl}${pathname}${search}`, request))
    },
    async create({ email, name, password }) {
      if (await open.find(email)) return null
      // before there is an account: it takes a while, and another node may find one without a password
      const hash = await passwords.hash(password)
      const user = { email: email.toLowerCase(), name, emailVerified: true }
      const made = await adapter.createUser(user, { method: 'admin' }).catch(async (error: unknown) => {
        if (await open.find(email)) return null
        throw error
      })
      if (made) await giveCredential(made.id, hash)
      return made && made.id
    },
    async find(email) {
      return (await adapter.findUserByEmail(email.toLowerCase()))?.user.id ?? null
    },
    async remove(accountId) {
      await adapter.deleteUser(accountId)
    },
    async isPassword(accountId, password) {
      const hash = (await adapter.findCredentialAccount(accountId))?.password
      return hash ? passwords.verify({ hash, password }) : false
    },
    async setPassword(accountId, password) {
      const hash = await passwords.hash(password)
      if (await adapter.findCredentialAccount(accountId)) await adapter.updatePassword(accountId, hash)
      // its making was cut short
      else await giveCredential(accountId, hash)
    },
    async sessions(accountId) {
      const found = await adapter.listSessions(accountId, { onlyActiveSessions: true })
      return found
        .map(({ id, createdAt, updatedAt, userAgent }) => ({
          key: id,
          createdAt: createdAt.getTime(),
          lastUsedAt: updatedAt.getTime(),
          device: userAgent ?? '',
        }))
        .sort((a, b) => b.createdAt - a.createdAt)
    },
    async endSessions(accountId, which = () => true) {
      const ending = (await adapter.listSessions(accountId)).filter(({ id }) => which(id))
      for (const { token } of ending) await adapter.deleteSession(token)
      return ending.map(({ id }) => id)
    },
    codeFor: (purpose) => createHmac('sha256', place.secret).update(purpose).digest().subarray(0, 16).toString('base64url'),
    attempts: place.attempts,
    close: () => place.close(),
  }
  return open
}

/** What a wrong password is answered with. */
export function notSignedIn(): Response {
  return Response.json({ code: 'INVALID_EMAIL_OR_PASSWORD', message: 'Invalid email or password' }, { status: 401 })
}
