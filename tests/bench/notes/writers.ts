import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { start } from '../processes.ts'
import type { Place, Typed, Typing } from './place.ts'
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
    const { typed } = await this.#ask({ type: typing })
    if (!typed) throw new Error('the writers did not say what they typed')
    return typed
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
