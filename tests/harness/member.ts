import { io, type Socket } from 'socket.io-client'
import type { Answer, Command } from '#shared/contracts/commands.ts'
import type { DossierPage } from '#shared/contracts/dossier-page.ts'
import type { DossierRow } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Frame } from '#shared/contracts/office.ts'
import type { ClientToServer, Presence, ServerToClient } from '#shared/contracts/socket.ts'
import type { CatchUp, Columns, Delivery, WorkspaceManifest } from '#shared/contracts/workspace.ts'
import { applyItem, type Workspace } from '#shared/domain/apply.ts'
import { newId } from '../../server/new-id.ts'

/** Somebody who is signed in: their cookie, and what they can do with it. */
export interface SignedIn {
  url: string
  cookie: string
  /** The page that what they send comes from. */
  origin: string
  get(path: string): Promise<Response>
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>
  /** A command by HTTP. */
  command(command: Command, id?: Id): Promise<{ status: number; body: unknown }>
  page(dossierId: Id): Promise<DossierPage>
  /** Opens the live connection, as a screen does: snapshot, socket, catch-up. */
  open(): Promise<Screen>
}

export async function signIn(url: string, email: string, password: string): Promise<SignedIn> {
  const response = await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ email, password }),
  })
  if (!response.ok) throw new Error(`sign-in of a test member failed: ${response.status} ${await response.text()}`)
  return signedIn(url, cookieOf(response))
}

/** The cookie a response sets, as the next request sends it. */
export function cookieOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((c) => c.split(';')[0])
    .join('; ')
}

/** `origin`: where it is not the address itself. */
export function signedIn(url: string, cookie: string, origin = url): SignedIn {
  const member: SignedIn = {
    url,
    cookie,
    origin,
    get: (path) => fetch(url + path, { headers: { cookie } }),
    post: (path, body, headers = {}) =>
      fetch(url + path, {
        method: 'POST',
        headers: { cookie, origin, 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
    command: async ({ type, ...fields }, commandId = newId()) => {
      const response = await member.post(`/api/v1/commands/${type}`, fields, { 'idempotency-key': commandId })
      return { status: response.status, body: await response.json() }
    },
    page: async (dossierId) => {
      const response = await member.get(`/api/v1/dossiers/${dossierId}`)
      if (!response.ok) throw new Error(`dossier page: ${response.status}`)
      return (await response.json()) as DossierPage
    },
    open: () => Screen.open(member),
  }
  return member
}

/** A screen without a browser: holds the workspace as a browser does and waits for what it expects. */
export class Screen {
  readonly member: SignedIn
  readonly socket: Socket<ServerToClient, ClientToServer>
  workspace: Workspace
  memberId: Id
  at: number
  /** Every delivery applied, in order. */
  readonly applied: Delivery[] = []
  readonly presence = new Map<Id, Presence['people']>()
  signedOut = false
  resyncs = 0
  #isClosed = false
  #waiters = new Set<() => void>()
  #busy: Promise<void> = Promise.resolve()

  static async open(member: SignedIn): Promise<Screen> {
    const screen = new Screen(member, await snapshot(member))
    await screen.#connected()
    return screen
  }

  constructor(member: SignedIn, { manifest, rows }: Snapshot) {
    this.member = member
    this.workspace = { frame: manifest.frame, rows }
    this.memberId = manifest.memberId
    this.at = manifest.at
    this.socket = io(member.url, {
      transports: ['websocket'],
      extraHeaders: { cookie: member.cookie, origin: member.origin },
      reconnectionDelay: 50,
      reconnectionDelayMax: 200,
      forceNew: true,
    })
    this.socket.on('connect', () => void this.#queue(() => this.#catchUp()))
    this.socket.on('delivery', (delivery) => void this.#queue(() => this.#receive(delivery)))
    this.socket.on('presence', (changes) => {
      for (const { dossierId, people } of changes) this.presence.set(dossierId, people)
      this.#changed()
    })
    this.socket.on('signedOut', () => {
      this.signedOut = true
      this.#changed()
    })
    this.socket.on('disconnect', (reason) => {
      if (reason === 'io server disconnect' && !this.signedOut && !this.#isClosed) this.socket.connect()
      this.#changed()
    })
    // a refused handshake is not retried by socket.io
    this.socket.on('connect_error', ({ message }) => {
      if (!this.socket.active && message === 'unavailable') setTimeout(() => this.socket.connect(), 200)
    })
  }

  get frame(): Frame {
    return this.workspace.frame
  }

  row(id: Id): DossierRow | undefined {
    return this.workspace.rows.get(id)
  }

  /** A dossier by its number. */
  numbered(number: string): DossierRow {
    for (const row of this.workspace.rows.values()) if (row.number === number) return row
    throw new Error(`this screen has no dossier ${number}`)
  }

  send(command: Command, options: { id?: Id; seen?: number } = {}): Promise<Answer> {
    const { id = newId(), seen = this.at } = options
    return this.socket.timeout(10_000).emitWithAck('command', { id, seen, command })
  }

  /** The same until there is an answer, as a browser does: a repetition has the same id. */
  async sendUntilAnswered(command: Command, id: Id = newId()): Promise<Answer> {
    for (;;) {
      const answer = await this.send(command, { id }).catch(() => null)
      if (answer) return answer
    }
  }

  /** Resolves when this is true of the screen; checked whenever something arrived. */
  async until(what: string, isTrue: (screen: Screen) => boolean, withinMs = 5_000): Promise<void> {
    if (isTrue(this)) return
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters.delete(check)
        reject(new Error(`waited ${withinMs} ms in vain until ${what}`))
      }, withinMs)
      const check = () => {
        if (!isTrue(this)) return
        clearTimeout(timer)
        this.#waiters.delete(check)
        resolve()
      }
      this.#waiters.add(check)
    })
  }

  close(): void {
    this.#isClosed = true
    this.socket.disconnect()
  }

  async #connected(): Promise<void> {
    await this.until('connected and caught up', () => this.#caughtUp)
  }
  #caughtUp = false

  #queue(work: () => Promise<void> | void): Promise<void> {
    this.#busy = this.#busy.then(work).catch(() => {})
    return this.#busy
  }

  async #catchUp(): Promise<void> {
    const caught: CatchUp = await this.socket.timeout(10_000).emitWithAck('catchUp', this.at)
    if (caught.kind === 'snapshot') await this.#reopen()
    else for (const delivery of caught.deliveries) await this.#receive(delivery)
    this.#caughtUp = true
    this.#changed()
  }

  async #reopen(): Promise<void> {
    this.resyncs++
    const { manifest, rows } = await snapshot(this.member)
    this.workspace = { frame: manifest.frame, rows }
    this.at = manifest.at
    await this.#catchUp()
  }

  async #receive(delivery: Delivery): Promise<void> {
    if (delivery.to <= this.at) return
    if (delivery.from !== this.at + 1) return this.#catchUp()
    for (const item of delivery.items) {
      if (item.kind === 'resync' && item.reach) this.workspace.rows.clear()
      applyItem(this.workspace, item)
    }
    this.at = delivery.to
    this.applied.push(delivery)
    this.#changed()
    if (delivery.items.some((i) => i.kind === 'resync')) await this.#reopen()
  }

  #changed(): void {
    for (const check of [...this.#waiters]) check()
  }
}

interface Snapshot {
  manifest: WorkspaceManifest
  rows: Map<Id, DossierRow>
}

/** The opening snapshot, put together as a browser does. */
async function snapshot(member: SignedIn): Promise<Snapshot> {
  let manifest = await manifestOf(member)
  const rows = new Map<Id, DossierRow>()
  const numbers: number[] = []
  for (const { key, at } of manifest.chunks) {
    const response = await member.get(`/api/v1/workspace/chunks/${key}/${at}`)
    if (!response.ok) throw new Error(`chunk: ${response.status}`)
    numbers.push(Number(response.headers.get('stands-at')))
    const columns = (await response.json()) as Columns
    columns.id.forEach((id, i) => {
      const row = Object.fromEntries(Object.entries(columns).map(([field, column]) => [field, column[i]])) as unknown as DossierRow
      rows.set(id, row)
    })
  }
  if (manifest.chunks.some(({ at }, i) => numbers[i] !== at)) manifest = await manifestOf(member, `?over=${Math.min(...numbers)}`)
  for (const row of manifest.rows) rows.set(row.id, row)
  for (const id of manifest.gone) rows.delete(id)
  return { manifest, rows }
}

async function manifestOf(member: SignedIn, query = ''): Promise<WorkspaceManifest> {
  const response = await member.get(`/api/v1/workspace${query}`)
  if (!response.ok) throw new Error(`workspace: ${response.status}`)
  return (await response.json()) as WorkspaceManifest
}
