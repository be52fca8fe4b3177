import type { Store } from '../../../server/store/store.ts'
import type { Bench } from '../bench.ts'
import { median } from '../statistics.ts'
import { type Adapter, timed, withBoth } from './adapters.ts'
import { amounts, committed, type StoredOffice, writeOffice } from './office.ts'

const sizes = [1_000, 10_000, 100_000] as const
const quickSizes = [1_000, 4_000] as const

type Question = (store: Store, office: StoredOffice, i: number) => Promise<unknown>

/** What people ask of a store, and what a command does to it. */
const questions: Record<string, Question> = {
  'commit of one command': async (store, office) => committed(store, amounts(office, await store.number(office.officeId), 1)),
  'board counts': (store, { officeId }) => store.boardCounts(officeId, {}),
  'first page of a list by status and client': (store, { officeId }) =>
    store.dossiers(officeId, { status: ['client'] }, { by: 'clientName', descending: false }, { offset: 0, limit: 50 }),
  'far page of a list by change': (store, { officeId, dossiers }) =>
    store.dossiers(officeId, {}, { by: 'changedAt', descending: true }, { offset: Math.floor(dossiers.length / 2), limit: 50 }),
  'search of dossiers': (store, { officeId, dossiers }, i) => {
    const words = [dossiers[i % dossiers.length]?.number ?? '']
    return store.dossiers(officeId, { words }, { by: 'number', descending: false }, { offset: 0, limit: 20 })
  },
  'search of clients by a beginning': (store, { officeId }, i) => store.clients(officeId, [['so', 'ja', 'de', 'ma'][i % 4] ?? ''], 20),
  'opening snapshot (all slim rows)': (store, { officeId }) => store.rows(officeId),
}

/** How long each takes in offices of 1,000 to 100,000 dossiers, and with which power of the office's size it grows. */
export async function growth(bench: Bench): Promise<void> {
  const took = new Map<string, { size: number; ms: number }[]>()
  for (const size of bench.options.quick ? quickSizes : sizes) {
    await withBoth(bench, async (adapters) => {
      for (const { name, store } of adapters) {
        const office = await writeOffice(store, size)
        for (const [question, ask] of Object.entries(questions)) {
          const ms = await answeredIn(bench, store, office, ask)
          bench.figures.ours(`${question}, ${size.toLocaleString('en')} dossiers, ${name} (ms)`, ms)
          const known = took.get(`${question}, ${name}`) ?? []
          took.set(`${question}, ${name}`, [...known, { size, ms }])
        }
      }
    })
  }
  for (const [what, measured] of took) bench.figures.ours(`${what}: growth (exponent)`, exponentOf(measured))
}

/** The middle of several, after one that finds everything cold. */
async function answeredIn({ options }: Bench, store: Adapter['store'], office: StoredOffice, ask: Question): Promise<number> {
  await ask(store, office, 0)
  const tookMs: number[] = []
  const startedAt = performance.now()
  const most = options.quick ? 5 : 15
  while (tookMs.length < most && (tookMs.length < 3 || performance.now() - startedAt < 5_000))
    tookMs.push(await timed(() => ask(store, office, tookMs.length + 1)))
  return median(tookMs)
}

/** The slope of the line through these, both axes logarithmic: 0 does not grow, 1 grows as the office does. */
function exponentOf(measured: readonly { size: number; ms: number }[]): number {
  const points = measured.map(({ size, ms }) => ({ x: Math.log(size), y: Math.log(ms) }))
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [x, y] = [mean(points.map((point) => point.x)), mean(points.map((point) => point.y))]
  const over = points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0)
  return over / points.reduce((sum, point) => sum + (point.x - x) ** 2, 0)
}
