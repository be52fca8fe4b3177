import { type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { io } from 'socket.io-client'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { close } from '#shared/contracts/notes-wire.ts'
import { longestComeBackMs } from '#shared/contracts/socket.ts'
import { newId } from '../../server/new-id.ts'
import { Screen, signedIn, type SignedIn } from '../harness/member.ts'
import { startSampleOffice } from '../harness/office.ts'
import { notesSocketOf, openTypist, synced, type as typeIn, untilSaved } from '../harness/typist.ts'
import { kill, startChild } from '../soak/storm-server.ts'

let dataDir: string
let port: number
let manager: SignedIn
let child: ChildProcess | undefined

/** An office whose server runs in a process of its own, as it would be stopped by a service manager. */
beforeAll(async () => {
  const office = await startSampleOffice(['manager'])
  ;({ dataDir } = office)
  ;({ port } = office.server)
  manager = signedIn(`http://localhost:${port}`, (await office.signIn('manager')).cookie)
  await office.server.close()
})
afterEach(async () => {
  if (child && child.exitCode === null) await kill(child)
})
afterAll(async () => {
  await rm(dataDir, { recursive: true, force: true })
})

async function started(drainMs = 0): Promise<ChildProcess> {
  child = await startChild(dataDir, port, drainMs)
  child.removeAllListeners('exit')
  return child
}

/** SIGTERM; the exit code once it has ended. Were it not done after 10 s it would end itself with another one. */
async function stopped(server: ChildProcess): Promise<unknown> {
  const ended = once(server, 'exit')
  server.kill('SIGTERM')
  return (await ended)[0]
}

/** What a stopping server tells a screen and a notes socket. */
interface Farewell {
  screenMs: number
  notes: { code: number; reason: string }
}

function farewellOf(screen: Screen, notes: WebSocket): Promise<Farewell> {
  const screenMs = new Promise<number>((resolve) => screen.socket.once('comeBack', resolve))
  const closed = new Promise<Farewell['notes']>((resolve) =>
    notes.once('close', (code, reason) => resolve({ code, reason: String(reason) })),
  )
  return Promise.all([screenMs, closed]).then(([ms, end]) => ({ screenMs: ms, notes: end }))
}

function notesLine(): WebSocket {
  return new WebSocket(`ws://localhost:${port}/notes`, { headers: { cookie: manager.cookie, origin: manager.url } })
}

it('asked to stop it is not ready and takes no sockets, answers what is asked, says when to come back, and ends well', async () => {
  const server = await started(3_000)
  const screen = await manager.open()
  const notes = notesLine()
  await once(notes, 'open')
  const farewell = farewellOf(screen, notes)
  const ended = stopped(server)
  while ((await fetch(`${manager.url}/readyz`)).status !== 503);
  expect((await fetch(`${manager.url}/healthz`)).status).toBe(200)

  const refused = notesLine()
  expect(await once(refused, 'unexpected-response').then(([, response]) => (response as { statusCode: number }).statusCode)).toBe(503)
  const late = io(manager.url, { transports: ['websocket'], extraHeaders: { cookie: manager.cookie, origin: manager.url }, forceNew: true })
  await once(late as unknown as NodeJS.EventEmitter, 'connect_error')
  late.disconnect()

  const made = newDossier()
  expect(await screen.send(made)).toMatchObject({ ok: true })
  expect((await manager.command(newDossier())).status).toBe(200)

  const { screenMs, notes: end } = await farewell
  for (const ms of [screenMs, Number(end.reason)]) expect(ms).toBeGreaterThanOrEqual(0)
  for (const ms of [screenMs, Number(end.reason)]) expect(ms).toBeLessThan(longestComeBackMs)
  expect(end.code).toBe(close.stopping)
  expect(await ended).toBe(0)
  screen.close()

  await started()
  expect((await manager.page(made.dossierId)).dossier.title).toBe(made.title)
})

it('with commands and text under way nothing that was answered or called saved is missing afterwards, and the rest has one effect', async () => {
  const server = await started()
  const screen = await manager.open()
  const first = newDossier()
  await screen.send(first)
  const socket = notesSocketOf(manager)
  const typist = await openTypist(manager, first.dossierId, socket)
  const random = () => 0.5
  typeIn(typist, random)
  await untilSaved([typist])

  const sent = Array.from({ length: 300 }, () => ({ id: newId(), command: newDossier() }))
  const answered = new Set<string>()
  for (const { id, command } of sent)
    screen.send(command, { id }).then(
      (answer) => answer.ok && answered.add(id),
      () => {},
    )
  for (let i = 0; i < 50; i++) typeIn(typist, random)
  expect(await stopped(server)).toBe(0)
  screen.close()
  const savedText = typist.session.doc!.getXmlFragment('note').toString()

  await started()
  for (const { id, command } of sent) {
    if (answered.has(id)) expect((await manager.page(command.dossierId)).dossier.title).toBe(command.title)
    else expect(await manager.command(command, id)).toMatchObject({ status: 200 })
  }
  const list = (await (await manager.get('/api/v1/dossiers?limit=500')).json()) as { dossiers: { id: string }[] }
  expect(sent.every(({ command }) => list.dossiers.filter(({ id }) => id === command.dossierId).length === 1)).toBe(true)
  await synced(typist)
  await untilSaved([typist])
  expect(typist.session.doc!.getXmlFragment('note').toString()).toBe(savedText)
  typist.session.destroy()
  socket.drop()
})

it('ends well also where sockets do not answer, half a request has come, and a body never ends', async () => {
  const server = await started()
  const mute = await Promise.all(['/socket.io/?EIO=4&transport=websocket', '/notes'].map(upgradedAndMute))
  const half = [sent('GET /api/v1/workspace HTTP/1.1\r\nHost: lo'), sent(endlessBody())]
  await Promise.all(half)
  expect(await stopped(server)).toBe(0)
  for (const socket of [...mute, ...(await Promise.all(half))]) socket.destroy()
})

function newDossier() {
  const client = { id: newId(), new: { firstName: 'Nora', lastName: 'Sørensen' } }
  return { type: 'dossier.create' as const, dossierId: newId(), client, kind: 'mortgage' as const, title: `Home ${newId()}`, amount: null }
}

/** A line that was upgraded, and neither reads nor writes any more. */
function upgradedAndMute(path: string): Promise<Socket> {
  const head = [`GET ${path} HTTP/1.1`, `Host: localhost:${port}`, `Cookie: ${manager.cookie}`, `Origin: ${manager.url}`]
  const upgrade = [
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${btoa('0123456789abcdef')}`,
  ]
  return new Promise((resolve, reject) => {
    const socket = connect(port, 'localhost', () => socket.write(`${[...head, ...upgrade].join('\r\n')}\r\n\r\n`))
    socket.once('error', reject)
    socket.once('data', (data) => {
      socket.pause()
      socket.off('error', reject).on('error', () => {})
      if (String(data).startsWith('HTTP/1.1 101')) resolve(socket)
      else reject(new Error(`not upgraded: ${String(data)}`))
    })
  })
}

function sent(bytes: string): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(port, 'localhost', () => socket.write(bytes, () => resolve(socket)))
    socket.on('error', () => {})
  })
}

function endlessBody(): string {
  const head = ['POST /api/v1/dossiers/search HTTP/1.1', `Host: localhost:${port}`, `Cookie: ${manager.cookie}`, `Origin: ${manager.url}`]
  return `${[...head, 'Content-Type: application/json', 'Content-Length: 1000'].join('\r\n')}\r\n\r\n{"search":`
}
