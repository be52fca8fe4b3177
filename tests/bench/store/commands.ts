import { CommandQueue } from '../../../server/commands/queue.ts'
import { newId } from '../../../server/new-id.ts'
import { Offices } from '../../../server/queries/offices.ts'
import type { Bench } from '../bench.ts'
import { quantile } from '../statistics.ts'
import { type Adapter, timed, withBoth } from './adapters.ts'
import { type StoredOffice, writeOffice } from './office.ts'

/** So many commands of one office are under way at any moment. */
const crowds = [1, 10, 100] as const

/** Commands of one office through one node: decided, committed, answered. The next is sent when one is answered. */
export async function commands(bench: Bench): Promise<void> {
  await withBoth(bench, async (adapters) => {
    const ready: { adapter: Adapter; office: StoredOffice; queue: CommandQueue }[] = []
    for (const adapter of adapters) {
      const { store } = adapter
      const office = await writeOffice(store, 1_000)
      const offices = new Offices(store)
      // as a node does it: what was committed goes into the frame it decides on
      const queue = new CommandQueue({ store, offices, now: Date.now, newId, onCommitted: () => {} })
      ready.push({ adapter, office, queue })
    }
    for (let round = 0; bench.hasTimeFor(round); round++) {
      for (const crowd of crowds) for (const one of ready) await measure(bench, one.adapter, one.office, one.queue, crowd)
    }
  })
}

async function measure(
  { figures, options }: Bench,
  { name }: Adapter,
  { officeId, memberId, dossiers }: StoredOffice,
  queue: CommandQueue,
  crowd: number,
): Promise<void> {
  const total = (options.quick ? 30 : 150) * (crowd === 1 ? 2 : crowd)
  const tookMs: number[] = []
  let sent = 0
  const sender = async (limit: number): Promise<void> => {
    while (sent < limit) {
      const dossierId = dossiers[sent++ % dossiers.length]?.id ?? ''
      const startedAt = performance.now()
      const answer = await queue.dispatch(officeId, memberId, {
        id: newId(),
        seen: 1_000_000_000,
        command: { type: 'dossier.edit', dossierId, amount: Math.floor(Math.random() * 1e9) },
      })
      if (!answer.ok) throw new Error(`a command was refused: ${answer.refusal.code}`)
      tookMs.push(performance.now() - startedAt)
    }
  }
  const all = (limit: number) => Promise.all(Array.from({ length: crowd }, () => sender(limit)))
  // the first ones find cold code
  await all(crowd * 3)
  tookMs.length = 0
  sent = 0
  const wholeMs = await timed(() => all(total))
  figures.ours(`command, ${crowd} at once, ${name}, p50 (ms)`, quantile(tookMs, 0.5))
  figures.ours(`command, ${crowd} at once, ${name}, p99 (ms)`, quantile(tookMs, 0.99))
  if (crowd === 100)
    figures.ours(name === 'MongoDB' ? 'store.commands-per-second' : `store.commands-per-second, ${name}`, total / (wholeMs / 1_000))
}
