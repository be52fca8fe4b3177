import type { Answer, Command } from '#shared/contracts/commands.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Whereabouts } from '#shared/contracts/socket.ts'
import type { Delivery } from '#shared/contracts/workspace.ts'
import { copies } from '../offline/tab-copies.ts'
import { Connection } from './connection.svelte.ts'
import { ApiError } from './fetch-json.ts'
import { newId } from './new-id.ts'
import { predict, predictFrame } from './predict.ts'
import { PresenceBoard } from './presence.svelte.ts'
import { fetchSnapshot, type Snapshot } from './snapshot.ts'
import { OfficeWorkspace } from './workspace.svelte.ts'

/** The signed-in screen's live state: one of it a tab. */
export class Live {
  state: 'loading' | 'ready' | 'failed' = $state('loading')
  readonly workspace = new OfficeWorkspace()
  readonly presence = new PresenceBoard()
  /** The server was not reached yet: the screen shows the dossiers that lie in this browser. */
  isFromCopies = $state(false)
  /** Null until started. */
  connection: Connection | null = $state.raw(null)
  /** While this screen asks for what it missed, what arrives is held. */
  #isAsking = false
  /** Something asked for it meanwhile. */
  #askAgain = false
  #wantsSnapshot = false
  #held: Delivery[] = []
  #whereabouts: Whereabouts = null
  #onSignedOut: () => void = () => {}
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor() {
    // what went out of sight stays in no browser
    this.workspace.onChange((changes) => {
      const gone = changes.flatMap(({ dossierId, before, after }) => (before && !after ? [dossierId] : []))
      void copies.eraseAmong(gone)
    })
  }

  /** Loads the opening snapshot and connects. `onSignedOut` is called when there is no session, or no more. */
  async start(onSignedOut: () => void): Promise<void> {
    this.#onSignedOut = () => void forgetWithdrawn().then(onSignedOut)
    try {
      // before anything is shown, or sent
      const [snapshot] = await Promise.all([fetchSnapshot(), forgetWithdrawn()])
      await this.#open(snapshot)
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return this.#onSignedOut()
      await this.#openCopies()
      return this.#startAgain(onSignedOut)
    }
    this.connection ??= new Connection({
      connected: () => this.#connected(),
      delivery: (delivery) => this.#receive(delivery),
      presence: (changes) => this.presence.apply(changes),
      signedOut: this.#onSignedOut,
    })
  }

  /**
   * Sends a command. What it changes shows at once, and goes back when it is refused.
   * Resolves with the server's answer, however long the line is broken meanwhile; where it is broken already it is refused at once, for what
   * a command is decided on may be another by the time it would arrive. `id` serves to undo it later.
   */
  async send(command: Command, id: Id = newId()): Promise<Answer & { commandId: Id }> {
    if (this.isOffline) return { ok: false, refusal: { code: 'offline' }, commandId: id }
    if (!this.connection) throw new Error('not started')
    const { workspace } = this
    const prediction = predict(workspace.frame, workspace.me, (dossierId) => workspace.row(dossierId), command, Date.now())
    if (prediction) workspace.predict(id, prediction)
    const happening = predictFrame(workspace.frame, workspace.memberId, command)
    if (happening) workspace.predictFrame(id, happening)
    const answer = await this.connection.send({ id, seen: workspace.at, command })
    // an accepted change stays predicted until this screen stands at its number, which may be after the answer
    if (answer.ok && answer.n !== null) workspace.accepted(id, answer.n)
    else workspace.settle(id)
    return { ...answer, commandId: id }
  }

  /** Nothing can be sent: commands are not kept for later. A server that is being renewed is back in a moment. */
  get isOffline(): boolean {
    return this.isFromCopies || this.connection?.state === 'lost'
  }

  /** Where in which dossier this tab is; null: in none. */
  whereabouts(at: Whereabouts): void {
    this.#whereabouts = at
    this.connection?.whereabouts(at)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.connection?.close()
    this.connection = null
  }

  async #open(snapshot: Snapshot): Promise<void> {
    // a store that is broken keeps nobody out
    await copies.belongTo(snapshot.manifest.frame.office.id, snapshot.manifest.memberId).catch(() => {})
    this.workspace.open(snapshot)
    this.isFromCopies = false
    this.state = 'ready'
  }

  /** Shows the dossiers that lie in this browser, as they were when they were seen last. */
  async #openCopies(): Promise<void> {
    if (this.isFromCopies) return
    const [newest, ...others] = await copies.pages().catch(() => [])
    if (!newest) {
      this.state = 'failed'
      return
    }
    const rows = new Map([newest, ...others].map(({ page: { dossier } }) => [dossier.id, dossier]))
    const { frame, memberId } = newest
    this.workspace.open({ manifest: { frame, memberId, at: 0, chunks: [], rows: [], gone: [] }, rows })
    this.isFromCopies = true
    this.state = 'ready'
  }

  /** After a while, and at once where a network comes back. */
  #startAgain(onSignedOut: () => void): void {
    const again = () => {
      clearTimeout(timer)
      removeEventListener('online', again)
      void this.start(onSignedOut)
    }
    const timer = setTimeout(again, 2_000 + Math.random() * 3_000)
    addEventListener('online', again)
  }

  #connected(): void {
    this.presence.clear()
    this.connection?.whereabouts(this.#whereabouts)
    void this.#ask()
  }

  #receive(delivery: Delivery): void {
    if (this.#isAsking) this.#held.push(delivery)
    else if (this.#apply(delivery) === 'hole') void this.#ask()
  }

  #apply(delivery: Delivery): 'applied' | 'known' | 'hole' {
    const { result, resync } = this.workspace.apply(delivery)
    if (resync) this.#later(Math.random() * resync.spreadMs, true)
    return result
  }

  /** Asks for what follows the last number, after a fresh snapshot where one is wanted; again, until nothing is missing. */
  async #ask(): Promise<void> {
    this.#askAgain = true
    if (this.#isAsking) return
    this.#isAsking = true
    try {
      while (this.#askAgain) {
        this.#askAgain = false
        if (this.#wantsSnapshot) {
          const snapshot = await fetchSnapshot()
          this.#wantsSnapshot = false
          this.workspace.open(snapshot)
        }
        await this.#askOnce()
      }
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return this.#onSignedOut()
      // a broken line: the next connection asks; anything else is tried again
      if (this.connection?.state === 'connected') this.#later(1_000 + Math.random() * 3_000, this.#wantsSnapshot)
    } finally {
      this.#isAsking = false
    }
  }

  async #askOnce(): Promise<void> {
    const caught = await this.connection?.catchUp(this.workspace.at)
    if (!caught) return
    const held = this.#held.splice(0)
    if (caught.kind === 'snapshot') this.#wantsSnapshot = this.#askAgain = true
    else if ([...caught.deliveries, ...held].some((delivery) => this.#apply(delivery) === 'hole')) this.#askAgain = true
  }

  #later(afterMs: number, snapshot: boolean): void {
    clearTimeout(this.#timer)
    this.#wantsSnapshot ||= snapshot
    this.#timer = setTimeout(() => void this.#ask(), afterMs)
  }
}

/** Erases what the server has withdrawn; without an answer it is asked at the next start. */
async function forgetWithdrawn(): Promise<void> {
  await copies.eraseWithdrawn().catch(() => 0)
}

/** The tab's live state. */
export const live = new Live()
