import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { ensureClient } from '../../server/build-client.ts'
import { Bench } from './bench.ts'
import { Figures } from './figures.ts'
import { board } from './live/board.ts'
import { disk } from './live/disk.ts'
import { latency } from './live/latency.ts'
import { list } from './live/list.ts'
import { size } from './live/size.ts'
import { Offices } from './offices.ts'

/** In the order they run; each begins only before its share of the whole time is over. */
const parts: Record<string, { run: (bench: Bench) => Promise<void>; untilMs: number; asked?: true }> = {
  disk: { run: disk, untilMs: 10_000 },
  latency: { run: latency, untilMs: 150_000 },
  board: { run: board, untilMs: 230_000 },
  list: { run: list, untilMs: 290_000 },
  size: { run: size, untilMs: 300_000 },
}

const wholeMs = 460_000

/** `npm run bench -- live [--only latency,board] [--rounds 5] [--quick] [--profile folder]` */
export async function live(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      rounds: { type: 'string', default: '3' },
      quick: { type: 'boolean', default: false },
      profile: { type: 'string' },
    },
  })
  const wanted = values.only?.split(',') ?? Object.keys(parts).filter((name) => !parts[name]?.asked)
  const unknown = wanted.filter((name) => !parts[name])
  if (unknown.length > 0) throw new Error(`there is no ${unknown.join(', ')}: ${Object.keys(parts).join(', ')}`)
  const figures = new Figures()
  const offices = new Offices()
  const clientDir = await ensureClient(say)
  const startedAt = performance.now()
  const options = { rounds: values.quick ? 1 : Number(values.rounds), quick: values.quick, profileDir: values.profile }
  say(machine())
  try {
    for (const [name, part] of Object.entries(parts)) {
      if (!wanted.includes(name)) continue
      const endsAt = startedAt + (wanted.length === 1 ? wholeMs : part.untilMs)
      const began = performance.now()
      await part.run(new Bench({ figures, offices, options, clientDir, endsAt }))
      say(`${name}: ${((performance.now() - began) / 1_000).toFixed(0)} s`)
    }
  } finally {
    await offices.remove()
  }
  say(`${machine()}\n`)
  figures.print(say)
}

function say(line: string): void {
  console.log(line)
}

/** What one has to know to judge the figures. */
function machine(): string {
  const load = loadavg().map((l) => l.toFixed(1))
  return `node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, load average ${load.join(' ')}`
}
