import type { Answer, Command } from '#shared/contracts/commands.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Whereabouts } from '#shared/contracts/socket.ts'
import type { Delivery } from '#shared/contracts/workspace.ts'
import { Connection } from './connection.svelte.ts'
import { ApiError } from './fetch-json.ts'
import { newId } from './new-id.ts'
import { predict } from './predict.ts'
import { PresenceBoard } from './presence.svelte.ts'
import { fetchSnapshot } from './snapshot.ts'
import { OfficeWorkspace } from './workspace.svelte.ts'

/** The signed-in screen's live state: one of it a tab. */
export class Live {
  state: 'loading' | 'ready' | 'failed' = $state('loading')
  readonly workspace = new OfficeWorkspace()
  readonly presence = new PresenceBoard()
  /** Null until started. */
  connection: Connection | null = $state.raw(null)
  #catchingUp = false
  #held: Delivery[] = []
  #whereabouts: Whereabouts = null
  #onSignedOut: () => void = () => {}
  #resyncTimer: ReturnType<typeof setTimeout> | undefined

  /** Loads the opening snapshot and connects. `onSignedOut` is called when there is no session, or no more. */
  async start(onSignedOut: () => void): Promise<void> {
    this.#onSignedOut = onSignedOut
    try {
      this.workspace.open(await fetchSnapshot())
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return onSignedOut()
      this.state = 'failed'
      setTimeout(() => void this.start(onSignedOut), 2_000 + Math.random() * 3_000)
      return
    }
    this.state = 'ready'
    this.connection ??= new Connection({
      connected: () => void this.#catchUp(),
      delivery: (delivery) => this.#receive(delivery),
      presence: (changes) => this.presence.apply(changes),
      signedOut: onSignedOut,
    })
  }

  /**
   * Sends a command. What it changes shows at once, and goes back when it is refused.
   * Resolves with the server's answer, however long the line is broken meanwhile. `id` serves to undo it later.
   */
  async send(command: Command, id: Id = newId()): Promise<Answer & { commandId: Id }> {
    if (!this.connection) throw new Error('not started')
    const { workspace } = this
    const prediction = predict(workspace.frame, (dossierId) => workspace.row(dossierId), command, Date.now())
    if (prediction) workspace.predict(id, prediction)
    const answer = await this.connection.send({ id, seen: workspace.at, command })
    // an accepted change stays predicted until its event arrives, which may be after the answer
    if (!answer.ok || answer.n === null || answer.n <= workspace.at) workspace.settle(id)
    return { ...answer, commandId: id }
  }

  /** Where in which dossier this tab is; null: in none. */
  whereabouts(at: Whereabouts): void {
    this.#whereabouts = at
    this.connection?.whereabouts(at)
  }

  stop(): void {
    clearTimeout(this.#resyncTimer)
    this.connection?.close()
    this.connection = null
  }

  #receive(delivery: Delivery): void {
    if (this.#catchingUp) {
      this.#held.push(delivery)
      return
    }
    const { result, resync } = this.workspace.apply(delivery)
    if (result === 'hole') void this.#catchUp()
    if (resync) {
      clearTimeout(this.#resyncTimer)
      this.#resyncTimer = setTimeout(() => void this.#resync(), Math.random() * resync.spreadMs)
    }
  }

  /** Asks for what follows the last number, in order; what arrives meanwhile waits. */
  async #catchUp(): Promise<void> {
    if (this.#catchingUp) return
    this.#catchingUp = true
    try {
      this.presence.clear()
      this.connection?.whereabouts(this.#whereabouts)
      const caught = await this.connection?.catchUp(this.workspace.at)
      if (!caught) return
      if (caught.kind === 'snapshot') this.#held = [] // the next catch-up brings them again
      this.#catchingUp = false
      if (caught.kind === 'snapshot') return await this.#resync()
      for (const delivery of caught.deliveries) this.#receive(delivery)
      for (const delivery of this.#held.splice(0)) this.#receive(delivery)
    } catch {
      // the line broke meanwhile: the next connection catches up
    } finally {
      this.#catchingUp = false
    }
  }

  /** A fresh snapshot in place of everything, then what followed it. */
  async #resync(): Promise<void> {
    try {
      this.workspace.open(await fetchSnapshot())
      await this.#catchUp()
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return this.#onSignedOut()
      this.#resyncTimer = setTimeout(() => void this.#resync(), 1_000 + Math.random() * 4_000)
    }
  }
}

/** The tab's live state. */
export const live = new Live()
