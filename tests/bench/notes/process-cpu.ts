import { readFileSync } from 'node:fs'

/** Of the clock that Linux counts the time of processes by; the same on every machine since 2.6. */
const ticksPerSecond = 100

/** CPU that all threads of a process have used so far, in user space and in the kernel, in milliseconds. */
export function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // the name, in brackets, may contain anything; the third field follows it
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1_000
}
