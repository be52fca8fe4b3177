import { randomFillSync } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import type { OfficeEvent } from '#shared/contracts/events.ts'
import type { Instant } from '#shared/contracts/ids.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { partsOf } from '#shared/contracts/note-id.ts'
import { noteRight } from '#shared/domain/comments.ts'
import { type AccountsOptions, openAccounts } from './auth/accounts.ts'
import { createDoor } from './auth/door.ts'
import { createLimits } from './auth/limits.ts'
import { createSessionEnds } from './auth/session-ends.ts'
import { createTokenDoor } from './auth/tokens.ts'
import { CommandQueue } from './commands/queue.ts'
import type { Config } from './config.ts'
import { CopyKeys } from './copies/copy-keys.ts'
import { Exporter } from './export/exporter.ts'
import { Gateway } from './gateway/gateway.ts'
import { Visits } from './gateway/visits.ts'
import { createApp } from './http/app.ts'
import { Listener } from './http/listener.ts'
import { originCheck } from './http/origin.ts'
import { ImportJobs } from './import/import-jobs.ts'
import type { Log } from './log.ts'
import { measuredStore } from './metrics/measured-store.ts'
import { Metrics } from './metrics/metrics.ts'
import { newId } from './new-id.ts'
import { Elsewhere } from './nodes/elsewhere.ts'
import { LogWatch } from './nodes/log-watch.ts'
import { Chunks } from './queries/chunks.ts'
import { Offices, type OfficeState } from './queries/offices.ts'
import { createReactions } from './reactions/committed.ts'
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
  config: Config & Pick<AccountsOptions, 'passwords'>
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
    office: (officeId, number) => void (isReady && watch.heard(officeId, number)),
    note: (officeId, note, end) => void (isReady && notes.heard(officeId, note, end)),
    sessionEnded: (sessionKey) => void (isReady && sessionEnded(sessionKey)),
    lost: (err) => {
      log.warn({ err }, 'what other nodes wrote is looked for')
      if (!isReady) return
      notes.heardNothing()
      watch.lookAround()
    },
  })
  const store = measuredStore(opened, metrics)
  let port = config.port
  const isAllowedOrigin = originCheck(config.publicOrigin, () => port)
  const accounts = await openAccounts({ ...config, isAllowedOrigin })
  const offices = new Offices(store)
  const door = createDoor({ accounts, store, offices, now, current: (officeId) => current(officeId) })
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
    searched: { store },
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
  const watch = new LogWatch({
    ...{ store, offices, metrics, log },
    onFound: (officeId, events) => committed(officeId, events),
    // only where other nodes write to notes
    alsoLook: config.mongodbUri === null ? undefined : () => notes.lookAround(),
  })
  const current = (officeId: Id): Promise<OfficeState | null> => watch.current(officeId)
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
  /** What was committed, here or on another node. */
  function committed(officeId: Id, events: readonly OfficeEvent[]): void {
    gateway.publish(officeId, events)
    react(officeId, events)
  }
  function sessionEnded(sessionKey: string): void {
    door.sessionEnded(sessionKey)
    gateway.sessionEnded(sessionKey)
    notes.sessionEnded(sessionKey)
  }
  const { endSessions, endSessionsOf } = createSessionEnds({ store, accounts, copies, tell: sessionEnded })
  const react = createReactions({ erasures, copies, notes, endSessionsOf, log })
  async function mayAct(accountId: string): Promise<boolean> {
    const seat = await store.seat(accountId)
    if (!seat) return false
    await current(seat.officeId)
    return (await offices.actor(seat.officeId, seat.memberId)) !== null
  }
  const imports = new ImportJobs({ place, store, queue, log, now, newId })
  const visits = new Visits({ queue, log, now, newId, graceMs: visitGraceMs, abroad: elsewhere })
  const createFirstOffice = async (wanted: NewOffice): Promise<Id> => {
    const officeId = await createOffice({ store, now, newId }, wanted)
    await notes.readForSearches(officeId)
    return officeId
  }
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
    limits: createLimits(now, accounts.attempts),
    newId,
    log,
    trustProxy: config.trustProxy,
    clientDir,
    isReady: takesWork,
  })
  const listener = new Listener({ app, notes, isAllowedOrigin, isReady: () => isReady })
  const gateway = new Gateway({
    ...{ http: listener.http, store, offices, queue, authenticate, isAllowedOrigin, log, random, visits, abroad: elsewhere },
    isReady: () => isReady,
    hasEnded: door.hasEnded,
  })
  metrics.watch({
    rooms: () => notes.figures.rooms,
    sockets: () => ({ live: gateway.size, notes: notes.figures.sockets, channels: notes.figures.channels }),
    isReady: takesWork,
  })
  await elsewhere.join((heard) => openPassing(place, heard))
  port = await listener.listen(config)
  isReady = true
  // the first to open an office need not wait for its snapshot; a failure shows to whoever does wait for it
  for (const officeId of (await store.offices()).slice(0, officesWarmed)) chunks.newest(officeId).catch(() => {})
  // what a server that was killed had not come to
  for (const officeId of await store.offices()) {
    erasures.run(officeId)
    void notes.readForSearches(officeId)
  }
  const purge = setInterval(() => {
    store.forgetAnswers(now() - 7 * 86_400_000).catch((err: unknown) => log.warn({ err }, 'old answers stay'))
    for (const officeId of offices.loaded()) copies.forget(officeId).catch((err: unknown) => log.warn({ err }, 'old keys of copies stay'))
  }, 3_600_000)
  purge.unref()
  watch.start()

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
      watch.stop()
      gateway.takeNoMore()
      await visits.stop()
      await queue.idle()
      await imports.close()
      await erasures.close()
      await notes.drain()
      await gateway.close()
      await elsewhere.close()
      await listener.close()
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

/** A store that does not answer within so long is not ready, in milliseconds: shorter than whoever asks waits. */
const answersMs = 2_000

const pause = (ms: number): Promise<unknown> => new Promise((resolve) => (ms > 0 ? setTimeout(resolve, ms) : resolve(undefined)))

/** What comes of it; undefined where that takes longer. */
function within<T>(ms: number, done: Promise<T>): Promise<T | undefined> {
  return Promise.race([done, new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), ms).unref())])
}
