import { createAdaptorServer } from '@hono/node-server'
import { randomFillSync } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { OfficeEvent } from '#shared/contracts/events.ts'
import type { Instant } from '#shared/contracts/ids.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { partsOf } from '#shared/contracts/note-id.ts'
import { noteRight } from '#shared/domain/comments.ts'
import { type EndSessions, openAccounts } from './auth/accounts.ts'
import { createDoor } from './auth/door.ts'
import { createLimits } from './auth/limits.ts'
import { createTokenDoor } from './auth/tokens.ts'
import { CommandQueue } from './commands/queue.ts'
import type { Config } from './config.ts'
import { CopyKeys } from './copies/copy-keys.ts'
import { Exporter } from './export/exporter.ts'
import { accessMoved, movesReach } from './gateway/filter.ts'
import { Gateway } from './gateway/gateway.ts'
import { Visits } from './gateway/visits.ts'
import { createApp } from './http/app.ts'
import { originCheck } from './http/origin.ts'
import { ImportJobs } from './import/import-jobs.ts'
import type { Log } from './log.ts'
import { measuredStore } from './metrics/measured-store.ts'
import { Metrics } from './metrics/metrics.ts'
import { newId } from './new-id.ts'
import { Elsewhere } from './nodes/elsewhere.ts'
import { Chunks } from './queries/chunks.ts'
import { Offices, type OfficeState } from './queries/offices.ts'
import { Erasures } from './reactions/erasures.ts'
import { systemClock } from './rooms/clock.ts'
import { createNotesServer } from './rooms/notes-server.ts'
import { createOffice, type NewOffice } from './setup/create-office.ts'
import { OneTimeCode } from './setup/one-time-code.ts'
import { openPassing, openSharedStore } from './store/open.ts'

/** A running Codossier. */
export interface RunningServer {
  port: number
  /** Where a browser on this machine finds it. */
  url: string
  /** The one-time code for creating the first office; null where there is one. */
  setupCode: () => string | null
  /** Creates an office without the page, for `demo` and tests. */
  createOffice: (wanted: NewOffice) => Promise<Id>
  createAccount: (account: { email: string; name: string; password: string }) => Promise<string | null>
  /** Makes ready what would else be made when it is first needed, in the middle of the day. */
  warmUp: () => void
  /** Stops in the reverse order of the start; resolves when everything acknowledged is on disk and every socket is told to come back. */
  close: () => Promise<void>
}

export interface StartOptions {
  config: Config
  log: Log
  /** Folder of the built client; null: none is served. */
  clientDir: string | null
  now?: () => Instant
  random?: () => number
  /** Who is back within this was not away. */
  visitGraceMs?: number
}

/** The composition root: config → store → rooms → gateway → http. */
export async function startServer({
  config,
  log,
  clientDir,
  now = Date.now,
  random = Math.random,
  visitGraceMs = 60_000,
}: StartOptions): Promise<RunningServer> {
  // accounts, sessions and everything people wrote: for this user's eyes only
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 })
  let isReady = false
  const place = { dataDir: config.dataDir, mongodbUri: config.mongodbUri }
  const metrics = new Metrics()
  const opened = await openSharedStore(place, {
    office: (officeId, number) => void (isReady && heardOf(officeId, number)),
    note: (officeId, note, end) => void (isReady && notes.heard(officeId, note, end)),
    sessionEnded: (sessionKey) => void (isReady && sessionEnded(sessionKey)),
    lost: (err) => {
      log.warn({ err }, 'what other nodes wrote is looked for')
      if (!isReady) return
      notes.heardNothing()
      lookAround()
    },
  })
  const store = measuredStore(opened, metrics)
  let port = config.port
  const isAllowedOrigin = originCheck(config.publicOrigin, () => port)
  const accounts = await openAccounts({ ...config, isAllowedOrigin })
  const offices = new Offices(store)
  const door = createDoor(accounts, store, offices, now)
  const { authenticate } = door
  const chunks = new Chunks(place, log)
  const exporter = new Exporter(place)
  // whichever node is asked knows the link that any of them printed
  const shared = config.mongodbUri === null ? undefined : accounts.codeFor('the first office')
  const code = new OneTimeCode((await store.offices()).length === 0, shared)

  const elsewhere = new Elsewhere({
    node: newId(),
    log,
    onPeople: (officeId, dossierId) => void (isReady && gateway.heardPeople(officeId, dossierId)),
    onCaret: (...caret) => void (isReady && notes.heardCaret(...caret)),
  })
  const notes = createNotesServer({
    store,
    abroad: elsewhere,
    versions: {
      store,
      isKept: async (officeId, note) => (await store.get(officeId, 'dossier', note)) !== null,
      onSpace: (bytes, what) => metrics.versionSpace(bytes, what),
    },
    log,
    clock: { ...systemClock, now },
    random,
    onClosed: (code) => metrics.closed(code),
    authenticate,
    judge: async (officeId, memberId, note) => {
      // never on a frame older than the fence this is judged under
      await current(officeId)
      const [actor, dossier] = await Promise.all([
        offices.actor(officeId, memberId),
        store.get(officeId, 'dossier', partsOf(note).dossierId),
      ])
      if (!actor || !dossier) return { read: false, write: false }
      return noteRight(actor, dossier, note)
    },
  })
  /** The office as the store has it: another process may have written to it. */
  async function current(officeId: Id): Promise<OfficeState | null> {
    const state = await offices.find(officeId)
    const ahead = state ? (await store.number(officeId)) - state.number : 0
    metrics.behind(ahead)
    if (ahead > 0) committed(officeId, await offices.refresh(officeId))
    return offices.find(officeId)
  }
  /** Looks whether other processes wrote to the offices that are open here. */
  function lookAround(): void {
    const looks = Promise.all(offices.loaded().map(look))
    void looks.then((seen) => seen.every(Boolean) && metrics.looked())
  }
  /** False: it could not be looked at. */
  async function look(officeId: Id): Promise<boolean> {
    try {
      await current(officeId)
      return true
    } catch (err) {
      log.warn({ err }, 'an office could not be looked at')
      return false
    }
  }
  /** An office's log stands at this number, by a commit of this node or of another. */
  async function heardOf(officeId: Id, number: number): Promise<void> {
    if (await offices.isBehind(officeId, number)) void look(officeId)
  }
  const copies = new CopyKeys({
    ...{ store, now, newId },
    actor: async (officeId, memberId) => {
      await current(officeId)
      return offices.actor(officeId, memberId)
    },
    random: (bytes) => randomFillSync(bytes),
  })
  const queue = new CommandQueue({
    store,
    offices,
    now,
    newId,
    onCommitted: (officeId, events) => committed(officeId, events),
    onAsked: (answered) => void metrics.commands.during(answered),
    onAnswered: (type, outcome) => metrics.command(type, outcome),
  })
  const erasures = new Erasures({ store, queue, erase: (...asked) => notes.erase(...asked), log, newId })
  /** What was committed, here or on another node, goes to the open screens, and open notes are judged again where the access moved. */
  function committed(officeId: Id, events: readonly OfficeEvent[]): void {
    gateway.publish(officeId, events)
    for (const event of events) {
      if (event.type === 'comment.deleted') erasures.run(officeId)
      // who is let in again begins without the sessions of before, should a crash have kept them
      if (event.type === 'member.changed' && event.fields.state?.includes('deactivated'))
        endSessionsOf(officeId, event.memberId).catch((err: unknown) => log.error({ err }, 'sessions of a member could not be ended'))
    }
    copies.committed(officeId, events).catch((err: unknown) => log.error({ err }, 'keys of copies could not be judged again'))
    const moved = events.some(movesReach) ? 'all' : accessMoved(events)
    if (moved.length === 0) return
    notes.accessChanged(officeId, moved).catch((err: unknown) => log.error({ err }, 'open notes could not be judged again'))
  }
  function sessionEnded(sessionKey: string): void {
    door.sessionEnded(sessionKey)
    gateway.sessionEnded(sessionKey)
    notes.sessionEnded(sessionKey)
  }
  const endSessions: EndSessions = async (accountId, which) => {
    const ended = await accounts.endSessions(accountId, which)
    ended.forEach(sessionEnded)
    await copies.sessionsEnded(accountId, which ?? (() => true))
    return ended.length
  }
  async function endSessionsOf(officeId: Id, memberId: Id): Promise<void> {
    const accountId = (await store.get(officeId, 'member', memberId))?.accountId
    if (accountId) await endSessions(accountId)
  }
  async function mayAct(accountId: string): Promise<boolean> {
    const seat = await store.seat(accountId)
    if (!seat) return false
    await current(seat.officeId)
    return (await offices.actor(seat.officeId, seat.memberId)) !== null
  }
  const imports = new ImportJobs({ place, store, queue, log, now, newId })
  const visits = new Visits({ queue, log, now, newId, graceMs: visitGraceMs })
  const createFirstOffice = (wanted: NewOffice) => createOffice({ store, now, newId }, wanted)
  // a store that cannot be read, or does not answer, takes no work: 503, not an error, and soon
  const takesWork = async () => isReady && (await within(answersMs, store.offices()).catch(() => undefined)) !== undefined
  const app = createApp({
    metrics,
    metricsToken: config.metricsToken,
    isBehindProxy: config.trustProxy || config.publicOrigin !== null,
    store,
    offices,
    queue,
    chunks,
    exporter,
    imports,
    visits,
    copies,
    now,
    notes,
    accounts,
    authenticate,
    byToken: createTokenDoor({ store, offices, queue, log, now, newId }),
    isAllowedOrigin,
    code,
    createOffice: createFirstOffice,
    sessionEnded,
    endSessions,
    mayAct,
    current,
    limits: createLimits(now),
    newId,
    log,
    trustProxy: config.trustProxy,
    clientDir,
    isReady: takesWork,
  })
  const http = createAdaptorServer({ fetch: app.fetch }) as Server
  const gateway = new Gateway({
    ...{ http, store, offices, queue, authenticate, isAllowedOrigin, log, random, visits, abroad: elsewhere },
    isReady: () => isReady,
    hasEnded: door.hasEnded,
  })
  metrics.watch({
    rooms: () => notes.figures.rooms,
    sockets: () => ({ live: gateway.size, notes: notes.figures.sockets, channels: notes.figures.channels }),
    isReady: takesWork,
  })
  const upgraded = new Set<Duplex>()
  http.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    upgraded.add(socket)
    socket.on('close', () => upgraded.delete(socket))
    // not parsed as a URL: what is none must not throw here, where nobody would catch it
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
    // engine.io answers exactly these
    if (path.startsWith('/socket.io/')) return
    const isNotes = path === '/notes' || path.startsWith('/notes/')
    if (isNotes && isReady && isAllowedOrigin(request.headers.origin)) notes.handleUpgrade(request, socket, head)
    else if (isReady) socket.destroy()
    else socket.end(notNow, () => socket.destroy())
  })
  // longer than a proxy keeps idle connections, so that none is closed just as it is used again
  http.keepAliveTimeout = 65_000
  await elsewhere.join((heard) => openPassing(place, heard))
  await listen(http, config)
  port = (http.address() as AddressInfo).port
  isReady = true
  // the first to open an office need not wait for its snapshot; a failure shows to whoever does wait for it
  for (const officeId of (await store.offices()).slice(0, officesWarmed)) chunks.newest(officeId).catch(() => {})
  // what a server that was killed had not come to
  for (const officeId of await store.offices()) erasures.run(officeId)
  const purge = setInterval(() => {
    store.forgetAnswers(now() - 7 * 86_400_000).catch((err: unknown) => log.warn({ err }, 'old answers stay'))
    for (const officeId of offices.loaded()) copies.forget(officeId).catch((err: unknown) => log.warn({ err }, 'old keys of copies stay'))
  }, 3_600_000)
  purge.unref()
  // what is done on the command line beside a running server shows on its screens
  const notice = setInterval(lookAround, noticeMs)
  notice.unref()

  return {
    port,
    url: config.publicOrigin ?? `http://localhost:${port}`,
    setupCode: () => code.text,
    createOffice: async (wanted) => {
      const officeId = await createFirstOffice(wanted)
      code.take()
      return officeId
    },
    createAccount: (account) => accounts.create(account),
    warmUp: () => notes.warmUp(),
    close: async () => {
      // no new sockets from here on; what is asked by those there are is answered until everything is stored
      isReady = false
      clearInterval(purge)
      await pause(config.drainMs)
      clearInterval(notice)
      gateway.takeNoMore()
      await visits.stop()
      await queue.idle()
      await imports.close()
      await erasures.close()
      await notes.drain()
      await gateway.close()
      await elsewhere.close()
      const closed = new Promise((resolve) => http.close(resolve))
      // http does not close upgraded sockets, and one that sleeps answers no farewell
      await within(farewellMs, closed)
      for (const socket of upgraded) socket.destroy()
      http.closeAllConnections()
      await closed
      // requests of the last moment
      await queue.idle()
      await chunks.close()
      await exporter.close()
      await accounts.close()
      await store.close()
      metrics.close()
    },
  }
}

/** Of how many offices the opening snapshot is made at the start. */
const officesWarmed = 20

/** So often it is looked whether another process wrote to an office that is open here. */
const noticeMs = 2_000

/** A store that does not answer within so long is not ready, in milliseconds: shorter than whoever asks waits. */
const answersMs = 2_000

/** How long a stop waits for sockets to say farewell. */
const farewellMs = 1_000

/** The answer to an upgrade while the server starts or stops. */
const notNow = 'HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'

const pause = (ms: number): Promise<unknown> => new Promise((resolve) => (ms > 0 ? setTimeout(resolve, ms) : resolve(undefined)))

/** What comes of it; undefined where that takes longer. */
function within<T>(ms: number, done: Promise<T>): Promise<T | undefined> {
  return Promise.race([done, new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), ms).unref())])
}

function listen(http: Server, { port, host }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', reject)
    http.listen(port, host, () => {
      http.off('error', reject)
      resolve()
    })
  })
}
