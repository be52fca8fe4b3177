import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { start } from './processes.ts'
import type { Asked, Held, Measured, Told } from './servers/watch.ts'

/** A server in a process of its own, so that it shares no event loop with the clients that measure it. */
export class ServerProcess {
  readonly port: number
  /** From the start of the process until it listened, in milliseconds. */
  readonly startedMs: number
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, port: number, startedMs: number) {
    this.#child = child
    this.port = port
    this.startedMs = startedMs
  }

  /** Starts one of `servers/`. With `profileDir` it leaves a CPU profile there when it stops. */
  static async start(
    script: 'office' | 'socket-relay' | 'yjs-relay' | 'note-relay' | 'hocuspocus',
    args: readonly string[] = [],
    profileDir?: string,
  ): Promise<ServerProcess> {
    const path = fileURLToPath(new URL(`./servers/${script}.ts`, import.meta.url))
    const profiling = profileDir ? ['--cpu-prof', '--cpu-prof-dir', profileDir] : []
    const startedAt = performance.now()
    const child = start(process.execPath, ['--expose-gc', ...profiling, path, ...args], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    const told = await next(child)
    if (!('port' in told)) throw new Error(`the server ${script} did not say where it listens`)
    return new ServerProcess(child, told.port, performance.now() - startedAt)
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('the server did not start')
    return this.#child.pid
  }

  get url(): string {
    return `http://localhost:${this.port}`
  }

  /** Counts CPU and pauses from now on. */
  async measure(): Promise<void> {
    await this.#ask('measure')
  }

  /** CPU and the longest pause since `measure`, and the memory it has now. */
  async measured(): Promise<Measured> {
    const told = await this.#ask('measured')
    if (!('measured' in told) || !told.measured) throw new Error('the server did not say what it measured')
    return told.measured
  }

  /** What it holds now, its garbage collected before. */
  async held(): Promise<Held> {
    const told = await this.#ask('held')
    if (!('held' in told)) throw new Error('the server did not say what it holds')
    return told.held
  }

  /** Ends it as a power cut does: nothing is written any more. */
  async kill(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#child.kill('SIGKILL')
    await ended
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#child.send('stop' satisfies Asked)
    await ended
  }

  #ask(asked: Asked): Promise<Told> {
    const told = next(this.#child)
    this.#child.send(asked)
    return told
  }
}

function next(child: ChildProcess): Promise<Told> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`a server ended with code ${code}`))
    child.once('exit', ended)
    child.once('message', (message) => {
      child.off('exit', ended)
      resolve(message as Told)
    })
  })
}
