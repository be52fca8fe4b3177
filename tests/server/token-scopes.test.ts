import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ImportJob } from '#shared/contracts/import-job.ts'
import { linkCodeOf, linkIdOf } from '#shared/contracts/link.ts'
import { type TokenScope, tokenText } from '#shared/contracts/token.ts'
import type { Method, OpenApi, Operation } from '../../server/http/page/document.ts'
import { newId } from '../../server/new-id.ts'
import type { Screen } from '../harness/member.ts'
import { startSampleOffice, type TestOffice } from '../harness/office.ts'

let office: TestOffice
let admin: Screen
let operations: { method: Method; path: string; operation: Operation }[]

beforeAll(async () => {
  office = await startSampleOffice(['admin'])
  admin = await (await office.signIn('admin')).open()
  const { paths } = (await (await fetch(`${office.server.url}/api/v1/openapi.json`)).json()) as OpenApi
  operations = Object.entries(paths).flatMap(([path, byMethod]) =>
    (Object.entries(byMethod) as [Method, Operation][]).map(([method, operation]) => ({ method, path, operation })),
  )
})
afterAll(async () => {
  admin?.close()
  await office?.stop()
})

type Asks = (method: string, url: string, body?: string) => Promise<Response>

const asking =
  (headers: Record<string, string>): Asks =>
  (method, url, body) =>
    fetch(`${office.server.url}/api/v1${url}`, {
      method: method.toUpperCase(),
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body }),
    })

async function tokenOf(scope: TokenScope): Promise<{ asks: Asks; revoke: () => Promise<unknown> }> {
  const code = linkCodeOf(randomBytes(16))
  const tokenId = linkIdOf(code)
  await admin.send({ type: 'token.make', tokenId, name: `To ${scope}`, scope, expiresAt: null })
  const asks = asking({ authorization: `Bearer ${tokenText(admin.frame.office.id, code)}` })
  return { asks, revoke: () => admin.send({ type: 'token.revoke', tokenId }) }
}

/** What the document says a token needs: a scope, `none` may ask it, or null: it is open to everybody. */
function neededBy({ security = [] }: Operation): string | null {
  return security.length === 0 ? null : (security.flatMap(({ token = [] }) => token)[0] ?? 'none')
}

/** An address of what there is, where the path asks for one. */
function addressOf(path: string): string {
  const row = [...admin.workspace.rows.values()].find(({ status }) => status === 'client')!
  const id = path.startsWith('/dossiers/') ? row.id : path.startsWith('/clients/') ? row.clientId : newId()
  const filled = path
    .replace('{id}', id)
    .replace('{epoch}', '1')
    .replace('{seq}', '1')
    .replace('{at}', '1')
    .replace(/\{\w+\}/g, newId())
  return path === '/events' ? `${filled}?since=0` : filled
}

/** Of no form that anything takes, so that nothing is done. */
const nonsense = JSON.stringify({ nonsense: true })
const bodyOf = (method: Method) => (method === 'post' ? nonsense : undefined)

it('the document says of each operation what it takes: GET a token to read, what changes something one of scope all, what lets in a session', () => {
  const needed = Object.groupBy(operations, ({ operation }) => neededBy(operation) ?? 'open')
  const named = (list: typeof operations = []) => list.map(({ method, path }) => `${method} ${path}`).sort()
  expect(named(needed['none'])).toEqual(
    ['/dossiers/{id}/copy', '/me/password', '/me/sessions/end', '/me/sign-out-everywhere'].map((path) => `post ${path}`),
  )
  expect(named(needed['read']).filter((name) => !name.startsWith('get '))).toEqual(
    ['/clients/search', '/dossiers/export', '/dossiers/search', '/notes/search'].map((path) => `post ${path}`),
  )
  expect(named(needed['all']).filter((name) => name.startsWith('get '))).toEqual([])
  expect(named(needed['all'])).toEqual(expect.arrayContaining(['post /imports', 'delete /imports/{id}', 'post /dossiers/{id}/note/grant']))
})

it('a token to read is answered at every GET and every search, and refused everything else with the scope it takes', async () => {
  const { asks } = await tokenOf('read')
  for (const { method, path, operation } of operations) {
    const needed = neededBy(operation)
    if (needed === null) continue
    const response = await asks(method, addressOf(path), bodyOf(method))
    if (needed === 'read') expect([200, 404, 422], `${method} ${path}`).toContain(response.status)
    else {
      const refusal = { code: 'forbidden', action: `${method.toUpperCase()} ${addressOfAsked(response)}`, scope: needed }
      expect([response.status, await response.json()], `${method} ${path}`).toEqual([403, { refusal }])
    }
  }
})

it('a token of scope all is answered everywhere as a session is, but where it takes a session', async () => {
  const { asks } = await tokenOf('all')
  const bySession = asking({ cookie: admin.member.cookie, origin: admin.member.origin })
  for (const { method, path, operation } of operations) {
    const needed = neededBy(operation)
    if (needed === null) continue
    const url = addressOf(path)
    const { status } = await asks(method, url, bodyOf(method))
    if (needed === 'none') expect(status, `${method} ${path}`).toBe(403)
    else if (path.startsWith('/commands/token.')) expect([403, 422], path).toContain(status)
    else expect(status, `${method} ${path}`).toBe((await bySession(method, url, bodyOf(method))).status)
  }
})

it('a revoked token is answered 401 everywhere', async () => {
  for (const scope of ['read', 'all'] as const) {
    const { asks, revoke } = await tokenOf(scope)
    await revoke()
    // few enough not to be taken for guesses
    const some = operations.filter(({ operation, path }) => neededBy(operation) !== null && !path.startsWith('/commands/')).slice(0, 25)
    for (const { method, path } of some) expect((await asks(method, addressOf(path), bodyOf(method))).status, path).toBe(401)
  }
})

it('a program moves a file in by a token of scope all, step by step; the history says by which', async () => {
  const { asks } = await tokenOf('all')
  const settled = async (id: string): Promise<ImportJob> => {
    for (;;) {
      const job = (await (await asks('get', `/imports/${id}`)).json()) as ImportJob
      if (!['reading', 'checking', 'running'].includes(job.state)) return job
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  const row = [...admin.workspace.rows.values()].find(({ status }) => status === 'client')!
  const file = `number,title\n${row.number},By a program`
  const { id } = (await (await asks('post', '/imports?file=dossiers', file)).json()) as ImportJob
  const read = await settled(id)
  await asks('post', `/imports/${id}/check`, JSON.stringify({ mapping: read.guess, dates: 'auto' }))
  expect((await settled(id)).result?.counts.changed).toBe(1)
  await asks('post', `/imports/${id}/run`, JSON.stringify({ faulty: 'refuse' }))
  const { state, importId } = await settled(id)
  expect(state).toBe('done')
  await admin.until('the title is new', (s) => s.row(row.id)?.title === 'By a program')
  expect((await admin.member.page(row.id)).history[0]).toMatchObject({ type: 'dossier.imported', via: 'To all' })
  expect((await asks('post', `/imports/records/${importId}/undo`, '{}')).status).toBe(200)
  expect((await admin.member.page(row.id)).history[0]).toMatchObject({ type: 'import.undone', via: 'To all' })
})

/** The path below `/api/v1` that an answer belongs to. */
function addressOfAsked({ url }: Response): string {
  return new URL(url).pathname.replace('/api/v1', '')
}
