import type { Id, Instant } from '#shared/contracts/ids.ts'
import type { CommandQueue } from '../commands/queue.ts'
import type { Log } from '../log.ts'
import type { ScreensAbroad } from './people-abroad.ts'

interface VisitsOptions {
  queue: CommandQueue
  log: Log
  now: () => Instant
  newId: () => Id
  /** Who comes back within this was not away: a page loaded anew, a short hole in the line. */
  graceMs: number
  abroad: ScreensAbroad
}

interface Leaving {
  n: number
  at: Instant
  officeId: Id
  memberId: Id
  timer: ReturnType<typeof setTimeout>
}

/**
 * Keeps up to which number and until when each member was here: not at every click, but when the last of their screens has gone, on whatever
 * node it was.
 */
export class Visits {
  #options: VisitsOptions
  #leaving = new Map<string, Leaving>()
  #stopped = false

  constructor(options: VisitsOptions) {
    this.#options = options
  }

  /** A screen of this member is open. */
  came(officeId: Id, memberId: Id): void {
    this.#options.abroad.tellScreen(officeId, memberId, true)
    this.#stays(`${officeId}/${memberId}`)
  }

  /** The last screen of this member has gone; it had been told everything up to `n`. */
  left(officeId: Id, memberId: Id, n: number): void {
    // a server that stops sends everybody away: nobody leaves of their own
    if (this.#stopped) return
    this.#options.abroad.tellScreen(officeId, memberId, false)
    const key = `${officeId}/${memberId}`
    this.#stays(key)
    const timer = setTimeout(() => {
      this.#leaving.delete(key)
      this.#gone(leaving).catch((err: unknown) => this.#options.log.warn({ err }, 'a visit was not kept'))
    }, this.#options.graceMs).unref()
    const leaving: Leaving = { officeId, memberId, n, at: this.#options.now(), timer }
    this.#leaving.set(key, leaving)
  }

  /** The member has seen everything up to `n`, and says so. Resolves when it is on disk. */
  seen(officeId: Id, memberId: Id, n: number): Promise<void> {
    return this.#keep({ officeId, memberId, n, at: this.#options.now() })
  }

  /** The server stops: who has left by now is kept, who is sent away from now on is not. */
  async stop(): Promise<void> {
    this.#stopped = true
    const leaving = [...this.#leaving.values()]
    this.#leaving.clear()
    for (const { timer } of leaving) clearTimeout(timer)
    await Promise.all(leaving.map((one) => this.#gone(one)))
  }

  #stays(key: string): void {
    clearTimeout(this.#leaving.get(key)?.timer)
    this.#leaving.delete(key)
  }

  /** Whoever has another screen open elsewhere is still here: that node keeps when they leave. */
  async #gone(leaving: Leaving): Promise<void> {
    if (!this.#options.abroad.hasScreen(leaving.officeId, leaving.memberId)) await this.#keep(leaving)
  }

  async #keep({ officeId, memberId, n, at }: Omit<Leaving, 'timer'>): Promise<void> {
    const { queue, newId } = this.#options
    await queue.perform(officeId, memberId, newId(), async ({ view }) => {
      const known = await view.get('visit', memberId)
      // not beyond what there is, and never back
      const upTo = Math.max(known?.n ?? 0, Math.min(n, view.next - 1))
      view.put('visit', { id: memberId, n: upTo, at })
      return null
    })
  }
}
