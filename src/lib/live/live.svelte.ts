import type { Answer, Command } from '#shared/contracts/commands.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Whereabouts } from '#shared/contracts/socket.ts'
import type { Delivery } from '#shared/contracts/workspace.ts'
import { Connection } from './connection.svelte.ts'
import { ApiError } from './fetch-json.ts'
import { newId } from './new-id.ts'
import { predict, predictFrame } from './predict.ts'
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
  /** While this screen asks for what it missed, what arrives is held. */
  #isAsking = false
  /** Something asked for it meanwhile. */
  #askAgain = false
  #wantsSnapshot = false
  #held: Delivery[] = []
  #whereabouts: Whereabouts = null
  #onSignedOut: () => void = () => {}
  #timer: ReturnType<typeof setTimeout> | undefined

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
      connected: () => this.#connected(),
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

/** The tab's live state. */
export const live = new Live()
