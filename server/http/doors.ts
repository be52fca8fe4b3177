import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { AskStanding, type Standing } from '#shared/contracts/copies.ts'
import { CreateOffice } from '#shared/contracts/office.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import { personalWords } from '#shared/domain/password.ts'
import { addressHeader } from '../auth/accounts.ts'
import type { Authenticate } from '../auth/door.ts'
import { refusePassword } from '../auth/password-rule.ts'
import { seatAccount } from '../auth/seating.ts'
import type { CopyKeys } from '../copies/copy-keys.ts'
import { invalid } from '../commands/invalid.ts'
import { type createOffice, OfficeThere } from '../setup/create-office.ts'
import type { OneTimeCode } from '../setup/one-time-code.ts'
import { createLinkDoors, type LinkDoorsOptions, withSession } from './links.ts'
import { refusalResponse } from './refusal-response.ts'
import { signIn, type SignInOptions } from './sign-in.ts'

export interface DoorsOptions extends LinkDoorsOptions, SignInOptions {
  authenticate: Authenticate
  code: OneTimeCode
  createOffice: (wanted: Parameters<typeof createOffice>[1]) => Promise<string>
  isAllowedOrigin: (origin: string | undefined) => boolean
  sessionEnded: (sessionKey: string) => void
  copies: CopyKeys
}

/**
 * What is served before anybody is signed in: the session, signing in and out, links, and creating the first office. Nothing else of the
 * account library's routes: they would let anybody sign up, rename accounts, or end sessions behind open sockets.
 */
export function createDoors(options: DoorsOptions): Hono {
  const { accounts, authenticate, isAllowedOrigin, addressOf } = options
  const doors = new Hono()
  doors.use('*', bodyLimit({ maxSize: 16 * 1024, onError: (c) => c.json({ error: 'too large' }, 413) }))
  doors.use('*', async (c, next) => {
    if (c.req.method !== 'GET' && !isAllowedOrigin(c.req.header('origin'))) return c.json({ error: 'this Origin is not allowed' }, 403)
    await next()
    // after: what is set before is lost on an answer that is made elsewhere
    c.header('cache-control', 'no-store')
  })
  doors.get('/api/v1/session', async (c) => {
    const seat = await authenticate(c.req.raw.headers)
    return c.json({ signedIn: seat !== null, setupNeeded: await isSetupNeeded(options) })
  })
  doors.post('/api/auth/sign-out', async (c) => {
    const session = await accounts.session(c.req.raw.headers)
    const response = await accounts.handle(withAddress(c.req.raw, addressOf(c)))
    if (session) {
      options.sessionEnded(session.sessionKey)
      await options.copies.sessionsEnded(session.accountId, (key) => key === session.sessionKey)
    }
    return response
  })
  doors.get('/api/auth/get-session', (c) => accounts.handle(withAddress(c.req.raw, addressOf(c))))
  doors.post('/api/auth/sign-in/email', (c) => signIn(options, c))
  doors.all('/api/auth/*', (c) => c.json({ error: 'there is no such resource' }, 404))
  doors.post('/api/v1/copies/standing', async (c) => {
    const asked = AskStanding.safeParse(await c.req.json().catch(() => undefined))
    if (!asked.success) return refusalResponse(invalid(asked.error))
    return c.json({ standing: await options.copies.standing(asked.data) } satisfies Standing)
  })
  doors.route('/', createLinkDoors(options))
  doors.post('/api/v1/setup', async (c) => setUp(options, c.req.raw, addressOf(c)))
  return doors
}

/** Not where there is an office: also one that was made on the command line since the start. */
async function isSetupNeeded({ code, store }: DoorsOptions): Promise<boolean> {
  if (code.text !== null && (await store.offices()).length > 0) code.take()
  return code.text !== null
}

async function setUp(options: DoorsOptions, request: Request, address: string): Promise<Response> {
  const { accounts, code } = options
  const parsed = CreateOffice.safeParse(await request.json().catch(() => undefined))
  if (!parsed.success) return refusalResponse(invalid(parsed.error))
  const { officeName, name, email, password } = parsed.data
  await isSetupNeeded(options)
  if (!code.matches(parsed.data.code)) return refusalResponse(wrongCode)
  const weak = await refusePassword(password, personalWords({ email, name, officeName }))
  if (weak) return refusalResponse(weak)
  // two at once may both have come this far
  if (!code.matches(parsed.data.code)) return refusalResponse(wrongCode)
  // used up before anything is awaited, so that two at once cannot both succeed; given back when it fails
  const giveBack = code.take()
  const refusal = await createFirst(options, parsed.data).catch((error: unknown) => {
    giveBack()
    throw error
  })
  if (refusal) {
    giveBack()
    // whatever it was: there is an office by now
    return refusalResponse(wrongCode)
  }
  return withSession(accounts, request.headers, address, { email, password }, Response.json({ created: true }, { status: 201 }))
}

const wrongCode: Refusal = { code: 'forbidden', action: 'setup' }

/** The office of the code and its first admin. Refused where another node was faster. */
function createFirst({ accounts, store, code, createOffice }: DoorsOptions, wanted: CreateOffice): Promise<Refusal | null> {
  const { officeName, language, currency, timeZone, name, email, password, withSample } = wanted
  const id = code.officeId
  return seatAccount({ accounts, store }, { officeId: id, name, email, password }, async (accountId) => {
    const office = { name: officeName, language, currency, timeZone }
    try {
      await createOffice({ id, office, admin: { name, email: email.toLowerCase(), accountId }, withSample })
      return null
    } catch (error) {
      if (error instanceof OfficeThere) return wrongCode
      throw error
    }
  })
}

/** The request with the client's address where the rate limiter looks for it, whatever the client itself wrote there. */
function withAddress(request: Request, address: string): Request {
  const headers = new Headers(request.headers)
  headers.set(addressHeader, address)
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD'
  return new Request(request.url, { method: request.method, headers, ...(hasBody && { body: request.body, duplex: 'half' }) })
}
