import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { applyUpdate, Doc } from 'yjs'
import { Command } from '#shared/contracts/commands.ts'
import type { DossierRow } from '#shared/contracts/dossier.ts'
import { noteField } from '#shared/contracts/notes-wire.ts'
import { type ApiOptions, createApi } from '../../server/http/api.ts'
import { createDoors, type DoorsOptions } from '../../server/http/doors.ts'
import { newId } from '../../server/new-id.ts'
import { settled, upload } from '../harness/import.ts'
import { type Screen, signedIn, type SignedIn } from '../harness/member.ts'
import { startSampleOffice, type TestOffice } from '../harness/office.ts'
import { openTypist, type, untilSaved } from '../harness/typist.ts'

interface Operation {
  responses: Record<string, { content?: Record<string, unknown> }>
  requestBody?: unknown
  operationId: string
}
interface Document {
  paths: Record<string, Partial<Record<'get' | 'post', Operation>>>
}

let office: TestOffice
let admin: SignedIn
let viewer: SignedIn
let stranger: SignedIn
let screen: Screen
let row: DossierRow
let document: Document
/** Operations of the document that a real answer was checked against, as `get /dossiers 200`. */
const checked = new Set<string>()
const ajv = new Ajv2020({ strict: false, allErrors: true })
addFormats.default(ajv)

beforeAll(async () => {
  office = await startSampleOffice(['admin', 'viewer'])
  admin = await office.signIn('admin')
  viewer = await office.signIn('viewer')
  stranger = signedIn(office.server.url, '')
  screen = await admin.open()
  row = [...screen.workspace.rows.values()].find((r) => r.status === 'client')!
  const response = await fetch(`${office.server.url}/api/v1/openapi.json`)
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json'])
  document = (await response.json()) as Document
  ajv.addSchema(document, 'api.json')
})
afterAll(async () => {
  screen?.close()
  await office?.stop()
})

const pointer = (...parts: string[]) => parts.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')

/** Asks, and holds the answer against what the document says of this path and status. Returns status and body. */
async function asked(member: SignedIn, method: 'get' | 'post', path: string, url = path, body?: unknown): Promise<[number, unknown]> {
  const response = method === 'get' ? await member.get(`/api/v1${url}`) : await member.post(`/api/v1${url}`, body)
  const answer = (await response.json()) as unknown
  const said = document.paths[path]?.[method]?.responses[response.status]
  if (!said) throw new Error(`the document does not know ${method} ${path} ${response.status}: ${JSON.stringify(answer).slice(0, 200)}`)
  const at = pointer('paths', path, method, 'responses', String(response.status), 'content', 'application/json', 'schema')
  const validate = ajv.getSchema(`api.json#/${at}`)
  if (!validate) throw new Error(`${at} cannot be found`)
  const errors = validate(answer) ? [] : validate.errors
  expect(errors, `${method} ${url}: ${JSON.stringify(answer).slice(0, 500)}`).toEqual([])
  checked.add(`${method} ${path} ${response.status}`)
  return [response.status, answer]
}

/** A command, judged by the document twice: its body and its answer. */
function command(member: SignedIn, type: string, body: object): Promise<[number, unknown]> {
  return asked(member, 'post', `/commands/${type}`, undefined, body)
}

function takesBody(path: string, body: unknown): boolean {
  const validate = ajv.getSchema(`api.json#/${pointer('paths', path, 'post', 'requestBody', 'content', 'application/json', 'schema')}`)
  if (!validate) throw new Error(`${path} has no body`)
  return validate(body) as boolean
}

it('the document is valid OpenAPI 3.1, and names each operation once', async () => {
  const validator = new Validator()
  const result = await validator.validate(structuredClone(document) as unknown as Record<string, unknown>)
  expect([result.valid, result.errors, validator.version]).toEqual([true, undefined, '3.1'])
  const ids = Object.values(document.paths).flatMap((path) => Object.values(path).map(({ operationId }) => operationId))
  expect(new Set(ids).size).toBe(ids.length)
})

it('every command has its path, with its own fields', () => {
  const types = Command.options.map(({ shape }) => `/commands/${shape.type.value}`)
  expect(types.filter((path) => !document.paths[path]?.post?.requestBody)).toEqual([])
  expect(Object.keys(document.paths).filter((path) => path.startsWith('/commands/'))).toEqual(types)
})

it('every route under /api/v1 is in the document, and every path of the document is a route', () => {
  const routes = [
    ...createApi({} as ApiOptions).routes,
    ...createDoors({} as DoorsOptions)
      .routes.filter(({ path }) => path.startsWith('/api/v1/'))
      .map((route) => ({ ...route, path: route.path.replace('/api/v1', '') })),
  ].filter(({ method }) => method !== 'ALL')
  const served = new Set(routes.map(({ method, path }) => `${method.toLowerCase()} ${path.replace(/:(\w+)/g, '{$1}')}`))
  const documented = Object.entries(document.paths).flatMap(([path, operations]) => Object.keys(operations).map((m) => `${m} ${path}`))
  expect(served.delete('post /commands/{type}')).toBe(true)
  expect(documented.filter((route) => !route.startsWith('post /commands/')).sort()).toEqual([...served].sort())
})

it('nothing personal, and nothing of this office, is in the document', () => {
  const text = JSON.stringify(document)
  const { office: named, members, divisions } = screen.frame
  for (const word of [named.name, named.id, ...members.flatMap(({ name, email }) => [name, email]), ...divisions.map(({ id }) => id)]) {
    expect(text).not.toContain(word)
  }
})

it('what every read answers is what the document says', async () => {
  const dossier = `/dossiers/${row.id}`
  await asked(admin, 'get', '/office')
  await asked(admin, 'get', '/members')
  await asked(admin, 'get', '/owners')
  await asked(admin, 'get', '/divisions')
  await asked(admin, 'get', '/stages')
  await asked(admin, 'get', '/me')
  await asked(admin, 'get', '/my-day')
  await asked(admin, 'post', '/my-day/seen', '/my-day/seen', { n: screen.at })
  await asked(admin, 'get', '/board')
  await asked(admin, 'get', '/session')
  await asked(admin, 'get', '/me/sessions')
  await asked(admin, 'get', '/tokens')
  await asked(admin, 'get', '/members/{id}/security', `/members/${screen.memberId}/security`)
  await asked(admin, 'get', '/dossiers', '/dossiers?status=prospect,client&owner=none&sort=amount&descending=false&limit=500')
  await asked(admin, 'get', '/dossiers', '/dossiers?status=abandoned&offset=10')
  await asked(admin, 'get', '/dossiers/{id}', dossier)
  await asked(admin, 'get', '/dossiers/{id}/history', `${dossier}/history?before=1000`)
  await asked(admin, 'get', '/clients/{id}', `/clients/${row.clientId}`)
  await asked(admin, 'get', '/events', '/events?since=0')
  await asked(admin, 'get', '/events', `/events?since=${screen.at}`)
  const [, manifest] = await asked(admin, 'get', '/workspace')
  const { chunks } = manifest as { chunks: { key: string; at: number }[] }
  const { key, at } = chunks[0]!
  await asked(admin, 'get', '/workspace/chunks/{key}/{at}', `/workspace/chunks/${key}/${at}`)
  await asked(admin, 'post', '/dossiers/search', undefined, { search: row.clientName, status: ['client'], descending: false, limit: 5 })
  await asked(admin, 'post', '/clients/search', undefined, { search: row.clientName.split(' ')[0] })
  await asked(admin, 'post', '/dossiers/{id}/note/grant', `${dossier}/note/grant`, {})
  await asked(admin, 'post', '/dossiers/{id}/copy', `${dossier}/copy`, { device: newId() })
  const keys = { officeId: screen.frame.office.id, memberId: screen.memberId, device: newId(), keys: [newId()] }
  await asked(stranger, 'post', '/copies/standing', undefined, keys)
  const commentId = newId()
  await screen.send({ type: 'comment.begin', dossierId: row.id, commentId, tab: 'general' })
  const reader = await viewer.open()
  const mentions = [reader.memberId]
  reader.close()
  await screen.send({ type: 'comment.validate', dossierId: row.id, commentId, mentions })
  const [, { comments }] = (await asked(admin, 'get', '/dossiers/{id}/comments', `${dossier}/comments`)) as [
    number,
    { comments: unknown[] },
  ]
  expect(comments).toHaveLength(1)
  await asked(admin, 'post', '/dossiers/{id}/comments/grants', `${dossier}/comments/grants`, {})
  expect((await asked(viewer, 'get', '/mentions'))[1]).toMatchObject({ mentions: [{ commentId }] })
  await asked(admin, 'get', '/events', '/events?since=0')
})

it('the versions of a note, and who wrote it, are as the document says', async () => {
  const [versions, list] = ['/dossiers/{id}/note/versions', `/dossiers/${row.id}/note/versions`] as const
  const typist = await openTypist(admin, row.id)
  type(typist, () => 0.5)
  await untilSaved([typist])
  expect((await asked(viewer, 'post', versions, list, { name: 'Mine' }))[0]).toBe(403)
  expect((await asked(admin, 'post', versions, list, { name: '' }))[0]).toBe(422)
  const [, key] = (await asked(admin, 'post', versions, list, { name: 'Sent' })) as [number, { epoch: number; seq: number }]
  expect(await asked(admin, 'post', versions, list, { name: 'Sent to the bank', version: key })).toEqual([200, key])
  expect((await asked(viewer, 'get', versions, list))[1]).toMatchObject({ versions: [{ ...key, name: 'Sent to the bank' }] })
  const text = await viewer.get(`/api/v1${list}/${key.epoch}/${key.seq}`)
  expect([text.status, text.headers.get('content-type')]).toEqual([200, 'application/octet-stream'])
  const doc = new Doc()
  applyUpdate(doc, new Uint8Array(await text.arrayBuffer()))
  expect(doc.getXmlFragment(noteField).toString()).toBe(typist.session.doc?.getXmlFragment(noteField).toString())
  checked.add('get /dossiers/{id}/note/versions/{epoch}/{seq} 200')
  expect((await asked(viewer, 'get', `${versions}/{epoch}/{seq}`, `${list}/1/999`))[0]).toBe(404)
  expect((await asked(viewer, 'get', '/dossiers/{id}/note/authors', `/dossiers/${row.id}/note/authors`))[0]).toBe(200)
  for (const path of ['versions', 'authors'] as const)
    expect((await asked(viewer, 'get', `/dossiers/{id}/note/${path}`, `/dossiers/none000000000000/note/${path}`))[0]).toBe(404)
  typist.session.destroy()
})

it('clients are read a page at a time, each once, and only those that may be seen', async () => {
  const readAll = async (member: SignedIn) => {
    const ids: string[] = []
    for (let after: string | null = ''; after !== null;) {
      const url: string = `/clients?limit=200${after && `&after=${after}`}`
      const [, answer] = await asked(member, 'get', '/clients', url)
      const { clients, next } = answer as { clients: { id: string }[]; next: string | null }
      ids.push(...clients.map(({ id }) => id))
      after = next
    }
    expect(new Set(ids).size).toBe(ids.length)
    return ids
  }
  const all = await readAll(admin)
  expect(all.length).toBe(2_000)
  await admin.command({ type: 'office.changeSettings', seesWhat: 'own' })
  const seen = await readAll(viewer)
  expect(seen.length).toBeLessThan(all.length)
  const unseen = all.find((id) => !seen.includes(id))!
  expect(await asked(viewer, 'get', '/clients/{id}', `/clients/${unseen}`)).toEqual([
    404,
    { refusal: { code: 'notFound', what: 'client' } },
  ])
  await admin.command({ type: 'office.changeSettings', seesWhat: 'everyone' })
})

it('commands, their refusals and the history they leave are what the document says', async () => {
  const { id: dossierId } = row
  const [, frame] = await asked(admin, 'get', '/office')
  const { stages, owners } = (frame as { frame: { stages: { id: string }[]; owners: { id: string }[] } }).frame
  const [next, another] = stages.slice(0, -1).filter(({ id }) => id !== row.stageId)
  const bodies: [type: string, body: object][] = [
    [
      'dossier.create',
      { dossierId: newId(), client: { id: newId(), new: { lastName: 'Ménard' } }, kind: 'pension', title: 'Anew', amount: null },
    ],
    ['dossier.moveStage', { dossierId, stageId: next!.id, seen: screen.at }],
    ['dossier.edit', { dossierId, title: 'Second home', amount: 12_345 }],
    ['dossier.changeOwner', { dossierId, ownerId: null }],
    ['dossier.abandon', { dossierId, reason: 'ownBank' }],
    ['member.editProfile', { theme: 'dark', density: 'comfortable' }],
  ]
  for (const [type, body] of bodies) {
    expect(takesBody(`/commands/${type}`, body), type).toBe(true)
    expect((await command(admin, type, body))[0], type).toBe(200)
  }
  await asked(admin, 'get', '/dossiers/{id}', `/dossiers/${dossierId}`)
  const [, caught] = await asked(admin, 'get', '/events', `/events?since=${(frame as { at: number }).at}`)
  const { deliveries } = caught as { deliveries: { items: { kind: string; event?: { type: string } }[] }[] }
  const types = deliveries.flatMap(({ items }) => items.flatMap(({ event }) => event?.type ?? []))
  expect(types).toEqual(expect.arrayContaining(['dossier.created', 'dossier.stageMoved', 'dossier.ownerChanged', 'member.changed']))
  expect((await command(admin, 'dossier.moveStage', { dossierId, stageId: another!.id }))[0]).toBe(422)
  expect((await command(admin, 'dossier.moveStage', { dossierId: newId(), stageId: another!.id }))[0]).toBe(404)
  expect((await command(viewer, 'dossier.edit', { dossierId, title: 'No' }))[0]).toBe(403)
  expect((await command(stranger, 'dossier.edit', { dossierId, title: 'No' }))[0]).toBe(401)
  const [status, answer] = await command(admin, 'change.undo', { commandId: newId() })
  expect([status, answer]).toEqual([404, { refusal: { code: 'notFound', what: 'change' } }])
  const seen = { dossierId, title: 'Overtaken', seen: 1 }
  expect((await command(viewer, 'dossier.edit', seen))[0]).toBe(403)
  await admin.command({ type: 'dossier.changeOwner', dossierId, ownerId: owners[0]!.id })
})

it('what is not of the form is refused as the document says, with field and reason', async () => {
  const { id: dossierId } = row
  const issues = async (...given: Parameters<typeof asked>) => {
    const [status, answer] = await asked(...given)
    return [status, ...(answer as { refusal: { issues: { field: string }[] } }).refusal.issues.map(({ field }) => field)]
  }
  const edit = '/commands/dossier.edit'
  const wrong: object[] = [{ dossierId: 'x' }, { dossierId, amount: 1.5 }, { dossierId, seen: -1 }, { dossierId, colour: 'red' }, {}]
  for (const body of wrong) {
    expect(takesBody(edit, body)).toBe(false)
    expect((await issues(admin, 'post', edit, undefined, body))[0]).toBe(422)
  }
  expect(await issues(admin, 'get', '/dossiers', '/dossiers?limit=0&sort=note&status=open')).toEqual([422, 'sort', 'status.0', 'limit'])
  expect(await issues(admin, 'get', '/events', '/events?since=-1')).toEqual([422, 'since'])
  expect(await issues(admin, 'get', '/events')).toEqual([422, 'since'])
  expect(await issues(admin, 'get', '/clients', '/clients?after=x&limit=many')).toEqual([422, 'after', 'limit'])
  expect(await issues(admin, 'get', '/dossiers/{id}/history', `/dossiers/${dossierId}/history?before=soon`)).toEqual([422, 'before'])
  expect(await issues(admin, 'post', '/clients/search', undefined, { limit: 1_000 })).toEqual([422, 'limit'])
  expect(await issues(admin, 'post', '/dossiers/search', undefined, [])).toEqual([422, '(body)'])
  expect(await issues(admin, 'post', '/dossiers/export', undefined, { format: 'pdf' })).toEqual([422, 'format'])
  expect(await issues(admin, 'post', '/clients/search', undefined, { search: 'x'.repeat(300_000) })).toEqual([413, '(body)'])
  for (const path of ['/dossiers/{id}', '/dossiers/{id}/history', '/dossiers/{id}/comments', '/clients/{id}']) {
    for (const id of ['x', newId(), '%00', '..%2f..'])
      expect((await asked(admin, 'get', path, path.replace('{id}', id)))[0], `${path} ${id}`).toBe(404)
  }
  for (const path of ['/dossiers', '/clients', '/office', '/me', '/workspace']) expect((await asked(stranger, 'get', path))[0]).toBe(401)
})

it('a body that is not JSON says so', async () => {
  for (const path of ['/commands/dossier.edit', '/dossiers/search', '/clients/search', '/dossiers/export']) {
    const headers = { cookie: admin.cookie, origin: admin.url, 'content-type': 'application/json' }
    const response = await fetch(`${admin.url}/api/v1${path}`, { method: 'POST', headers, body: '{"dossierId":' })
    const refusal = { code: 'invalid', issues: [{ field: '(body)', reason: 'not JSON' }] }
    expect([path, response.status, await response.json()]).toEqual([path, 422, { refusal }])
  }
})

it('what is open to who is not signed in answers as the document says', async () => {
  await asked(stranger, 'get', '/session')
  const code = 'A'.repeat(22)
  for (const path of ['/join/look', '/reset/look']) {
    expect((await asked(stranger, 'post', path, undefined, { officeId: screen.frame.office.id, code }))[0]).toBe(404)
    expect((await asked(stranger, 'post', path, undefined, { code }))[0]).toBe(422)
  }
  const weak = { officeId: screen.frame.office.id, code, name: 'Bo', password: 'short', language: 'en' }
  expect((await asked(stranger, 'post', '/join', undefined, weak))[0]).toBe(404)
  expect((await asked(stranger, 'post', '/setup', undefined, {}))[0]).toBe(422)
})

it('one’s own sessions and password are as the document says', async () => {
  const other = await office.signIn('viewer')
  const [, { sessions }] = (await asked(other, 'get', '/me/sessions')) as [number, { sessions: { id: string; isCurrent: boolean }[] }]
  const first = sessions.find(({ isCurrent }) => !isCurrent)!
  expect((await asked(other, 'post', '/me/sessions/end', undefined, { id: first.id }))[0]).toBe(200)
  expect((await asked(other, 'post', '/me/sessions/end', undefined, { id: first.id }))[0]).toBe(404)
  expect((await asked(other, 'post', '/me/password', undefined, { currentPassword: 'wrong', newPassword: 'also wrong' }))[0]).toBe(422)
  expect((await asked(other, 'post', '/me/sign-out-everywhere', undefined, {}))[0]).toBe(200)
})

it('a file on its way in is as the document says', async () => {
  const { body } = await upload(admin, 'clients', 'client_ref,last_name\nK99,Import\nK99,Twice')
  await settled(admin, body.id)
  const job = (path: string) => path.replace('{id}', body.id)
  expect((await asked(admin, 'post', '/imports/{id}/run', job('/imports/{id}/run'), { faulty: 'refuse' }))[0]).toBe(422)
  expect(
    (await asked(admin, 'post', '/imports/{id}/check', job('/imports/{id}/check'), { mapping: { client_ref: 0, last_name: 1 } }))[0],
  ).toBe(202)
  await settled(admin, body.id)
  expect((await asked(admin, 'get', '/imports/{id}', job('/imports/{id}')))[0]).toBe(200)
  const faults = await admin.get(job('/api/v1/imports/{id}/faults.csv'))
  expect([faults.status, faults.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8'])
  checked.add('get /imports/{id}/faults.csv 200')
  expect((await asked(admin, 'post', '/imports/{id}/run', job('/imports/{id}/run'), { faulty: 'leaveOut' }))[0]).toBe(202)
  const { importId } = await settled(admin, body.id)
  expect((await asked(admin, 'get', '/imports'))[0]).toBe(200)
  const undo = `/imports/records/${importId ?? ''}/undo`
  expect((await asked(admin, 'post', '/imports/records/{id}/undo', undo, {}))[0]).toBe(200)
  expect((await asked(admin, 'post', '/imports/records/{id}/undo', undo, {}))[0]).toBe(409)
  expect((await asked(await office.signIn('viewer'), 'get', '/imports'))[0]).toBe(403)
})

it('each read was answered at least once', () => {
  const reads = Object.entries(document.paths).flatMap(([path, { get }]) => (get ? [`get ${path} 200`] : []))
  expect(reads.filter((read) => !checked.has(read))).toEqual([])
})
