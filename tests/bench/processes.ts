import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process'

const running = new Set<ChildProcess>()

/** Starts a process that does not outlive the benchmark. */
export function start(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, args, options)
  running.add(child)
  child.on('exit', () => running.delete(child))
  return child
}

/** Ends whatever still runs; for the end of the benchmark, however it comes. */
export function killProcesses(): void {
  for (const child of running) child.kill('SIGKILL')
}
