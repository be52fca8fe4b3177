import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ended } from '../harness/replica-set.ts'

const program = fileURLToPath(new URL('./node-child.ts', import.meta.url))

/** A node of Codossier in a process of its own. */
export class NodeProcess {
  readonly port: number
  readonly #settings: { mongodbUri: string; publicOrigin: string }
  #dataDir = ''
  #process: ChildProcess | null = null

  /** @param settings `publicOrigin`: where browsers find it, behind whatever stands in front */
  constructor(port: number, settings: { mongodbUri: string; publicOrigin: string }) {
    this.port = port
    this.#settings = settings
  }

  /** Resolves when it listens. */
  async start(): Promise<void> {
    this.#dataDir ||= await mkdtemp(join(tmpdir(), 'codossier-node-'))
    const config = { ...this.#settings, dataDir: this.#dataDir, port: this.port }
    const child = fork(program, [JSON.stringify(config)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    this.#process = child
    const listens = once(child, 'message')
    const failed = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the node did not start: ${code}`)))
    failed.catch(() => {})
    await Promise.race([listens, failed])
  }

  /** Stops (`SIGSTOP`) or resumes (`SIGCONT`) it, as a machine that is paused. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#process?.kill(signal)
  }

  /** `kill -9`; resolves when it is gone. */
  async kill(): Promise<void> {
    const child = this.#process
    this.#process = null
    if (!child) return
    child.kill('SIGKILL')
    await ended(child)
  }

  /** Ends it and removes its folder. */
  async dispose(): Promise<void> {
    await this.kill()
    if (this.#dataDir) await rm(this.#dataDir, { recursive: true, force: true })
  }
}
