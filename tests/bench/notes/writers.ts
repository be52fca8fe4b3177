import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { start } from '../processes.ts'
import type { Place, Typed, Typing } from './place.ts'
import type { Seen } from './sightings.ts'
import type { Asked, Told } from './writers-process.ts'

/** Writers in a process of their own, so that they share no event loop with what they measure. */
export class Writers {
  readonly #child: ChildProcess

  constructor() {
    const script = fileURLToPath(new URL('./writers-process.ts', import.meta.url))
    this.#child = start(process.execPath, [script], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], serialization: 'advanced' })
  }

  /** They leave the places they have, and take these. */
  async open(places: readonly Place[]): Promise<void> {
    await this.#ask({ open: places })
  }

  async type(typing: Typing): Promise<Typed> {
    return (await this.#ask({ type: typing })) as Typed
  }

  /** They type so many letters a second, on and on. */
  async storm(perSecond: number): Promise<void> {
    await this.#ask({ storm: perSecond })
  }

  /** Ends the storm: what had been seen of anybody by somebody else. */
  async seen(): Promise<Seen[]> {
    return (await this.#ask({ seen: true })) as Seen[]
  }

  /** Tabs in which nothing is done take these places as well. */
  async idle(places: readonly Place[]): Promise<void> {
    await this.#ask({ idle: places })
  }

  async close(): Promise<void> {
    await this.#ask({ close: true })
  }

  stop(): void {
    this.#child.kill()
  }

  #ask(asked: Asked): Promise<Told> {
    return new Promise((resolve, reject) => {
      const ended = (code: number | null) => reject(new Error(`the writers ended with code ${code}`))
      this.#child.once('exit', ended)
      this.#child.once('message', (told) => {
        this.#child.off('exit', ended)
        resolve(told as Told)
      })
      this.#child.send(asked)
    })
  }
}
