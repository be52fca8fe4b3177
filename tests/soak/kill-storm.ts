import type { ChildProcess } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { openSqliteStore } from '../../server/store/sqlite/open.ts'
import { type Person, startSampleOffice } from '../harness/office.ts'
import { Random } from './simulator/random.ts'
import { type Spread, spreadOf, Storm, type StormCounts } from './storm.ts'
import { kill, startChild } from './storm-server.ts'

const who: Person[] = ['adviser', 'manager', 'admin', 'colleague']
const tabsEach = 5

export interface KillStormResult extends StormCounts {
  rounds: number
  /** From the moment the new server listens until a tab has its screen and all its notes back: of all tabs and rounds, in milliseconds. */
  reconnectedMs: Spread
  /** From starting a server until it listens, in milliseconds. */
  startedMs: Spread
}

/**
 * A storm of commands and typing while the server is killed (`kill -9`) `rounds` times at random moments. After each kill the store is
 * read before anybody can bring anything back, and compared with what had been seen or called done.
 */
export async function killStorm(options: { rounds: number; seed: number; say?: (line: string) => void }): Promise<KillStormResult> {
  const { rounds, say = () => {} } = options
  const office = await startSampleOffice(who)
  const members = await Promise.all(who.map((person) => office.signIn(person)))
  const { port } = office.server
  await office.server.close()
  const random = new Random(options.seed)
  const storm = new Storm({ open: () => openSqliteStore({ dataDir: office.dataDir, readOnly: true }), officeId: '' }, random)
  const reconnectedMs: number[] = []
  const startedMs: number[] = []
  let server: ChildProcess | null = await startChild(office.dataDir, port)
  const killed = async () => {
    const running = server
    server = null
    if (running) await kill(running)
  }
  try {
    await storm.begin(members, tabsEach)
    for (let round = 1; round <= rounds; round++) {
      await new Promise((resolve) => setTimeout(resolve, 150 + random.int(900)))
      const told = storm.told()
      await killed()
      await storm.judge(told)
      const startedAt = performance.now()
      server = await startChild(office.dataDir, port)
      startedMs.push(performance.now() - startedAt)
      reconnectedMs.push(...(await storm.back()))
      const { commands, done, seen, faults } = storm.counts
      say(`round ${round}: ${commands} commands, ${done} done, ${seen} seen, faults ${faults.length}`)
    }
    const counts = await storm.end(members[0]!)
    await killed()
    await storm.judge(storm.told())
    return { rounds, ...counts, reconnectedMs: spreadOf(reconnectedMs), startedMs: spreadOf(startedMs) }
  } finally {
    storm.stop()
    await killed()
    await rm(office.dataDir, { recursive: true, force: true })
  }
}
