import { Agent, get, type IncomingMessage } from 'node:http'
import { io, type Socket } from 'socket.io-client'
import type { ClientToServer, ServerToClient } from '#shared/contracts/socket.ts'
import type { CatchUp, WorkspaceManifest } from '#shared/contracts/workspace.ts'

const withinMs = 60_000

/**
 * A member's screen without its rows: asks the server for all that a screen asks for, and keeps only the number it stands at. 200 whole
 * ones would need more memory and time in this process than the server that is measured.
 */
export class ReturningMember {
  /** The number of the office's log it has everything up to. */
  at = 0
  /** Compressed bytes of the snapshots it fetched. */
  fetchedBytes = 0
  /** How many dossiers the last snapshot it fetched held. */
  holds = 0
  /** How often it was told that its member's reach has changed, and dropped at that moment what they may no longer see. */
  drops = 0
  /** How often it had fetched afterwards what its member's new reach gives. */
  refetches = 0
  /** Called whenever something arrived. */
  readonly changed = new Set<() => void>()
  readonly #url: string
  readonly #cookie: string
  readonly #socket: Socket<ServerToClient, ClientToServer>
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 6 })

  constructor(url: string, cookie: string) {
    this.#url = url
    this.#cookie = cookie
    this.#socket = io(url, {
      transports: ['websocket'],
      extraHeaders: { cookie, origin: url },
      autoConnect: false,
      reconnection: false,
      forceNew: true,
    })
    this.#socket.on('delivery', ({ from, to, items }) => {
      if (from <= this.at + 1) this.at = Math.max(this.at, to)
      const moved = items.find((item) => item.kind === 'resync')
      if (moved?.reach) this.#reachMoved(moved.spreadMs)
      this.#tell()
    })
  }

  /** Opens the office afresh, as a page that is loaded does: the whole snapshot, then the line. */
  async open(): Promise<void> {
    await this.#fetchSnapshot()
    await this.comeBack()
  }

  /** Takes over the number alone, for a member whose screen is to have been open for long. */
  standAt(number: number): void {
    this.at = number
  }

  /** The line breaks. */
  leave(): void {
    this.#socket.disconnect()
  }

  /** Connects, and asks for what it missed. Resolves when it has it. */
  async comeBack(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#socket.once('connect', resolve).once('connect_error', reject)
      this.#socket.connect()
    })
    if (await this.#catchUp()) return
    // too far behind: a fresh snapshot, and what followed it
    await this.#fetchSnapshot()
    await this.#catchUp()
  }

  close(): void {
    this.#socket.disconnect()
    this.#agent.destroy()
  }

  /** As a screen does: what is lost goes at once, what is gained is fetched after a pause by chance. */
  #reachMoved(spreadMs: number): void {
    this.drops++
    setTimeout(() => {
      this.#fetchSnapshot().then(
        () => {
          this.refetches++
          this.#tell()
        },
        (error: unknown) => this.#socket.connected && console.error('a screen could not fetch what it gained:', error),
      )
    }, Math.random() * spreadMs)
  }

  #tell(): void {
    for (const look of [...this.changed]) look()
  }

  /** Asks for what follows its number. False: a snapshot is to be fetched instead. */
  async #catchUp(): Promise<boolean> {
    const caught: CatchUp = await this.#socket.timeout(withinMs).emitWithAck('catchUp', this.at)
    if (caught.kind === 'snapshot') return false
    this.at = Math.max(this.at, ...caught.deliveries.map(({ to }) => to))
    return true
  }

  async #fetchSnapshot(): Promise<void> {
    const manifest = JSON.parse((await this.#get('/api/v1/workspace')).toString()) as WorkspaceManifest
    const chunks = await Promise.all(manifest.chunks.map(({ key, at }) => this.#get(`/api/v1/workspace/chunks/${key}/${at}`)))
    this.fetchedBytes += chunks.reduce((sum, { length }) => sum + length, 0)
    this.at = manifest.at
    this.holds = manifest.chunks.reduce((sum, { rows }) => sum + rows, 0) + manifest.rows.length - manifest.gone.length
  }

  /** The body as it came, not unpacked. */
  async #get(path: string): Promise<Buffer> {
    const response = await this.#ask(path)
    const parts: Buffer[] = []
    for await (const part of response) parts.push(part as Buffer)
    if (response.statusCode !== 200) throw new Error(`${path.split('/')[3]}: ${response.statusCode}`)
    return Buffer.concat(parts)
  }

  #ask(path: string): Promise<IncomingMessage> {
    const headers = { cookie: this.#cookie, ...(path.includes('/chunks/') && { 'accept-encoding': 'gzip' }) }
    return new Promise((resolve, reject) => {
      const request = get(this.#url + path, { agent: this.#agent, headers, timeout: withinMs }, resolve)
      // the server may end an idle connection in the moment in which it is used again: browsers then ask once more, and so must we
      request.on('error', (error) => (request.reusedSocket ? this.#ask(path).then(resolve, reject) : reject(error)))
    })
  }
}
