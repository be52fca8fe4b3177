import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { CreateOffice } from '#shared/contracts/office.ts'
import type { Accounts } from '../auth/accounts.ts'
import { addressHeader } from '../auth/accounts.ts'
import type { Authenticate } from '../auth/door.ts'
import { invalid } from '../commands/invalid.ts'
import type { createOffice } from '../setup/create-office.ts'
import type { OneTimeCode } from '../setup/one-time-code.ts'

export interface DoorsOptions {
  accounts: Accounts
  authenticate: Authenticate
  code: OneTimeCode
  createOffice: (wanted: Parameters<typeof createOffice>[1]) => Promise<string>
  isAllowedOrigin: (origin: string | undefined) => boolean
  /** The client's address, from the socket or the trusted proxy. */
  addressOf: (c: Context) => string
  sessionEnded: (sessionKey: string) => void
}

/** Served of the account library's routes, beside signing out; its others would let anybody sign up, rename accounts, or end sessions behind open sockets. */
const accountRoutes = ['/api/auth/sign-in/email', '/api/auth/get-session']

/** What is served before anybody is signed in: the session, signing in and out, and creating the first office. */
export function createDoors(options: DoorsOptions): Hono {
  const { accounts, authenticate, code, isAllowedOrigin, addressOf } = options
  const doors = new Hono()
  doors.use('*', bodyLimit({ maxSize: 16 * 1024, onError: (c) => c.json({ error: 'too large' }, 413) }))
  doors.use('*', async (c, next) => {
    if (c.req.method !== 'GET' && !isAllowedOrigin(c.req.header('origin'))) return c.json({ error: 'this Origin is not allowed' }, 403)
    c.header('cache-control', 'no-store')
    await next()
  })
  doors.get('/api/v1/session', async (c) => {
    const seat = await authenticate(c.req.raw.headers)
    return c.json({ signedIn: seat !== null, setupNeeded: code.text !== null })
  })
  doors.post('/api/auth/sign-out', async (c) => {
    const session = await accounts.session(c.req.raw.headers)
    const response = await accounts.handle(withAddress(c.req.raw, addressOf(c)))
    if (session) options.sessionEnded(session.sessionKey)
    return response
  })
  for (const route of accountRoutes) doors.on(['GET', 'POST'], route, (c) => accounts.handle(withAddress(c.req.raw, addressOf(c))))
  doors.all('/api/auth/*', (c) => c.json({ error: 'there is no such resource' }, 404))
  doors.post('/api/v1/setup', async (c) => setUp(options, c.req.raw, addressOf(c)))
  return doors
}

async function setUp({ accounts, code, createOffice }: DoorsOptions, request: Request, address: string): Promise<Response> {
  const body: unknown = await request.json().catch(() => undefined)
  const parsed = CreateOffice.safeParse(body)
  if (!parsed.success) return Response.json({ refusal: invalid(parsed.error) }, { status: 422 })
  const { officeName, language, currency, timeZone, name, email, password, withSample } = parsed.data
  if (!code.matches(parsed.data.code)) return Response.json({ refusal: { code: 'forbidden', action: 'setup' } }, { status: 403 })
  // used up before anything is awaited, so that two at once cannot both succeed; given back when it fails
  const giveBack = code.take()
  try {
    // without an office an account can only be left over from a start that was cut short
    await accounts.removeAddress(email)
    const accountId = await accounts.create({ email, name, password })
    if (!accountId) throw new Error('the account exists although there is no office')
    try {
      const office = { name: officeName, language, currency, timeZone }
      await createOffice({ office, admin: { name, email: email.toLowerCase(), accountId }, withSample })
    } catch (error) {
      await accounts.remove(accountId)
      throw error
    }
  } catch (error) {
    giveBack()
    throw error
  }
  const headers = new Headers({ 'content-type': 'application/json', origin: request.headers.get('origin') ?? '' })
  headers.set(addressHeader, address)
  const signIn = new Request(new URL('/api/auth/sign-in/email', request.url), {
    method: 'POST',
    headers,
    body: JSON.stringify({ email, password }),
  })
  const signedIn = await accounts.handle(signIn)
  const answer = Response.json({ created: true }, { status: 201 })
  for (const cookie of signedIn.headers.getSetCookie()) answer.headers.append('set-cookie', cookie)
  return answer
}

/** The request with the client's address where the rate limiter looks for it, whatever the client itself wrote there. */
function withAddress(request: Request, address: string): Request {
  const headers = new Headers(request.headers)
  headers.set(addressHeader, address)
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD'
  return new Request(request.url, { method: request.method, headers, ...(hasBody && { body: request.body, duplex: 'half' }) })
}
