import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const child = fileURLToPath(new URL('./server-child.ts', import.meta.url))

/** A server in a process of its own; resolves when it listens. `drainMs`: see the configuration. */
export function startChild(dataDir: string, port: number, drainMs = 0): Promise<ChildProcess> {
  const process = fork(child, [dataDir, String(port), String(drainMs)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  return new Promise((resolve, reject) => {
    process.once('message', () => resolve(process))
    process.once('exit', (code) => reject(new Error(`the server did not start: ${code}`)))
  })
}

/** `kill -9`; resolves when it is gone. */
export function kill(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    server.removeAllListeners('exit')
    server.once('exit', () => resolve())
    server.kill('SIGKILL')
  })
}
