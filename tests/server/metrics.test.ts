import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { newId } from '../../server/new-id.ts'
import { readConfig } from '../../server/config.ts'
import type { Screen } from '../harness/member.ts'
import { startSampleOffice, type TestOffice } from '../harness/office.ts'
import { openTypist, type as typeIn, type Typist, untilSaved } from '../harness/typist.ts'

const token = 'a-token-for-the-scraper'
const canary = 'Canarywharf'

let office: TestOffice
let guarded: TestOffice
let admin: Screen
let typist: Typist

beforeAll(async () => {
  office = await startSampleOffice(['admin', 'viewer'])
  guarded = await startSampleOffice([], { config: { metricsToken: token } })
  admin = await (await office.signIn('admin')).open()
})
afterAll(async () => {
  typist?.session.destroy()
  admin?.close()
  await office?.stop()
  await guarded?.stop()
})

/** Status and text of `/metrics`, asked with exactly these headers. */
function asked(server: TestOffice, headers: Record<string, string> = {}): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const { port } = server.server
    const sent = request({ port, host: '127.0.0.1', path: '/metrics', headers: { host: `localhost:${port}`, ...headers } }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => (text += part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    sent.on('error', reject).end()
  })
}

/** The values by name and labels. */
async function figures(): Promise<Map<string, number>> {
  const { text } = await asked(office)
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]))
}

describe('who may look', () => {
  it('this machine, and nobody whom a proxy hands on, or whose browser came by another name', async () => {
    expect((await asked(office)).status).toBe(200)
    const elsewhere: Record<string, string>[] = [
      { 'x-forwarded-for': '10.0.0.1' },
      { forwarded: 'for=10.0.0.1' },
      { via: '1.1 proxy' },
      { host: 'evil.example' },
    ]
    for (const headers of elsewhere)
      expect(await asked(office, headers)).toMatchObject({ status: 403, text: expect.not.stringContaining('codossier_') })
  })

  it('with a token only who says it, from wherever', async () => {
    for (const authorization of ['', token, 'Bearer', `Bearer ${token}x`, `Bearer ${token.slice(0, -1)}`, `Basic ${btoa(`:${token}`)}`])
      expect(await asked(guarded, authorization ? { authorization } : {})).toMatchObject({
        status: 401,
        text: expect.not.stringContaining('codossier_'),
      })
    expect((await asked(guarded, { authorization: `Bearer ${token}`, 'x-forwarded-for': '10.0.0.1' })).status).toBe(200)
  })

  it('behind a proxy nobody without a token, since everybody seems to be this machine', async () => {
    for (const config of [{ trustProxy: true }, { publicOrigin: 'https://dossiers.office.example' }]) {
      const proxied = await startSampleOffice([], { config })
      expect((await asked(proxied)).status).toBe(403)
      await proxied.stop()
    }
  })

  it('a token that could be guessed is refused at the start', () => {
    expect(() => readConfig({ METRICS_TOKEN: 'short' })).toThrow('METRICS_TOKEN')
    expect(readConfig({ METRICS_TOKEN: token }).metricsToken).toBe(token)
  })
})

describe('what there is to see', () => {
  it('commands by kind and outcome, over both doors', async () => {
    const before = await figures()
    const made = newDossier()
    await admin.send(made)
    await admin.member.command(newDossier())
    await (await office.signIn('viewer')).command(newDossier())
    const after = await figures()
    const grown = (labels: string) =>
      (after.get(`codossier_commands_total{${labels}}`) ?? 0) - (before.get(`codossier_commands_total{${labels}}`) ?? 0)
    expect(grown('kind="dossier.create",outcome="done"')).toBe(2)
    expect(grown('kind="dossier.create",outcome="forbidden"')).toBe(1)
    const commits = (map: Map<string, number>) => map.get('codossier_commit_seconds_count') ?? 0
    expect(commits(after) - commits(before)).toBeGreaterThanOrEqual(3)
    expect(after.get('codossier_commit_seconds_bucket{le="+Inf"}')).toBe(commits(after))
  })

  it('notes: rooms, sockets, appends, and what was refused', async () => {
    const made = newDossier()
    await admin.send(made)
    typist = await openTypist(admin.member, made.dossierId)
    typeIn(typist, () => 0)
    await untilSaved([typist])
    await refusedFrame()
    const seen = await figures()
    expect(seen.get('codossier_rooms{state="live"}')).toBe(1)
    expect(seen.get('codossier_sockets{kind="live"}')).toBe(1)
    expect(seen.get('codossier_sockets{kind="channels"}')).toBe(1)
    expect(seen.get('codossier_note_appends_total{result="stored"}')).toBeGreaterThan(0)
    expect(seen.get('codossier_note_channels_closed_total{reason="malformed"}')).toBe(1)
  })

  it('the process, and whether the store takes work', async () => {
    const seen = await figures()
    expect(seen.get('codossier_ready')).toBe(1)
    expect(seen.get('codossier_behind_events')).toBe(0)
    for (const name of ['resident_memory_bytes', 'heap_used_bytes', 'uptime_seconds'])
      expect(seen.get(`codossier_${name}`)).toBeGreaterThan(0)
    for (const quantile of ['0.5', '0.99', '1'])
      expect(seen.get(`codossier_event_loop_delay_seconds{quantile="${quantile}"}`)).toBeGreaterThanOrEqual(0)
  })

  it('nothing of anybody: no name, address, id or written word, whatever was done and asked for', async () => {
    const made = { ...newDossier(), title: canary, client: { id: newId(), new: { firstName: canary, lastName: canary } } }
    await admin.send(made)
    await admin.send({ type: 'dossier.edit', dossierId: made.dossierId, title: `${canary} moved` })
    for (const path of [`/api/v1/dossiers/${made.dossierId}`, `/${canary}`, `/api/v1/${canary}?q=${canary}`]) await admin.member.get(path)
    await admin.member.post(`/api/v1/commands/${canary}`, { [canary]: canary })
    await fetch(`${office.server.url}/api/v1/session`, {
      method: canary.toUpperCase(),
      headers: { 'user-agent': canary, authorization: `Bearer ${canary}` },
    })
    const { text } = await asked(office)
    const { members, owners, divisions, stages, office: own } = admin.frame
    const ids = [
      made.dossierId,
      made.client.id,
      admin.memberId,
      own.id,
      ...[...members, ...owners, ...divisions, ...stages].map(({ id }) => id),
    ]
    const names = [own.name, ...[...members, ...owners, ...divisions].map(({ name }) => name), ...members.map(({ email }) => email)]
    for (const secret of [...ids, ...names, canary]) expect(text.toLowerCase()).not.toContain(secret.toLowerCase())
    // and every label is a word of the program
    for (const [, labels = ''] of text.matchAll(/\{(.*)\}/g))
      expect(labels).toMatch(/^[a-z]+="[A-Za-z0-9.+_-]+"(,[a-z]+="[A-Za-z0-9.+_-]+")*$/)
  })
})

function newDossier() {
  const client = { id: newId(), new: { firstName: 'Nora', lastName: 'Sørensen' } }
  return { type: 'dossier.create' as const, dossierId: newId(), client, kind: 'mortgage' as const, title: 'First home', amount: null }
}

/** Says something on the notes socket that is no frame; resolves when it was closed for it. */
function refusedFrame(): Promise<void> {
  const { cookie, url } = admin.member
  const socket = new WebSocket(`${url.replace('http', 'ws')}/notes`, { headers: { cookie, origin: url } })
  socket.once('open', () => socket.send('no frame'))
  return new Promise((resolve) => socket.once('close', () => resolve()))
}
