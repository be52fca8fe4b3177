import type { OfficeEvent } from '#shared/contracts/events.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { Offices, OfficeState } from '../queries/offices.ts'
import type { Store } from '../store/store.ts'

/** So often it is looked whether another process wrote to an office that is open here: a command line, or a node that was not heard. */
const lookEveryMs = 2_000

export interface LogWatchOptions {
  store: Pick<Store, 'number'>
  offices: Offices
  metrics: Pick<Metrics, 'behind' | 'looked'>
  log: Log
  /** Called with what others wrote, in the order of its numbers, once. */
  onFound: (officeId: Id, events: readonly OfficeEvent[]) => void
  /** Looks at what else others write to; absent: nobody does. Never rejects. */
  alsoLook?: (() => Promise<void>) | undefined
}

/** Keeps what this node knows of its open offices level with their logs, to which other processes write as well. */
export class LogWatch {
  readonly #options: LogWatchOptions
  #timer: NodeJS.Timeout | undefined

  constructor(options: LogWatchOptions) {
    this.#options = options
  }

  start(): void {
    this.#timer = setInterval(() => this.lookAround(), lookEveryMs).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** The office as the store has it at this moment; null: there is none. Rejects where the store cannot be read. */
  async current(officeId: Id): Promise<OfficeState | null> {
    const { store, offices, metrics, onFound } = this.#options
    const state = await offices.find(officeId)
    const ahead = state ? (await store.number(officeId)) - state.number : 0
    metrics.behind(ahead)
    if (ahead > 0) onFound(officeId, await offices.refresh(officeId))
    return offices.find(officeId)
  }

  /** An office's log is said to stand at this number, by a commit of this node or of another. */
  async heard(officeId: Id, number: number): Promise<void> {
    if (await this.#options.offices.isBehind(officeId, number)) await this.#look(officeId)
  }

  /** Looks at every office that is open here. */
  lookAround(): void {
    const { offices, metrics, alsoLook } = this.#options
    void alsoLook?.()
    const looks = Promise.all(offices.loaded().map((officeId) => this.#look(officeId)))
    void looks.then((seen) => seen.every(Boolean) && metrics.looked())
  }

  /** False: it could not be looked at. */
  async #look(officeId: Id): Promise<boolean> {
    try {
      await this.current(officeId)
      return true
    } catch (err) {
      this.#options.log.warn({ err }, 'an office could not be looked at')
      return false
    }
  }
}
