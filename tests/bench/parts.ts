import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { ensureClient } from '../../server/build-client.ts'
import { Bench, type BenchOptions } from './bench.ts'
import { Figures } from './figures.ts'
import { Offices } from './offices.ts'

/** A benchmark's parts in the order they run. No round of a part begins later than `untilMs` after the start, but each part has one. */
export type Parts = Record<string, { run: (bench: Bench) => Promise<void>; untilMs: number; onlyWhenAsked?: true }>

/**
 * Runs the parts that `args` ask for (`--only a,b --rounds 3 --quick --profile folder`) and prints their figures: medians over the
 * rounds; ours and peer take turns in each, because machines are noisy. After `wholeMs` it prints what there is and ends.
 */
export async function runParts(parts: Parts, wholeMs: number, args: readonly string[]): Promise<void> {
  const { wanted, options } = parse(parts, args)
  const figures = new Figures()
  const clientDir = await ensureClient(say)
  const offices = new Offices()
  const startedAt = performance.now()
  setTimeout(() => {
    figures.print(say)
    console.error(`stopped after ${wholeMs / 60_000} minutes`)
    process.exit(1)
  }, wholeMs).unref()
  say(machine())
  const failures: unknown[] = []
  for (const [name, { run, untilMs }] of wanted) {
    const began = performance.now()
    try {
      await run(new Bench({ figures, offices, options, clientDir, endsAt: startedAt + untilMs }))
      say(`${name}: ${((performance.now() - began) / 1_000).toFixed(0)} s`)
    } catch (error) {
      console.error(`${name} failed:`, error)
      failures.push(error)
    }
  }
  say(`${machine()}\n`)
  figures.print(say)
  if (failures.length > 0) process.exitCode = 1
}

function parse(parts: Parts, args: readonly string[]): { wanted: [string, Parts[string]][]; options: BenchOptions } {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      rounds: { type: 'string', default: '3' },
      quick: { type: 'boolean', default: false },
      profile: { type: 'string' },
    },
  })
  const only = values.only?.split(',')
  const unknown = only?.filter((name) => !Object.hasOwn(parts, name)) ?? []
  if (unknown.length > 0) throw new Error(`there is no ${unknown.join(', ')}, but ${Object.keys(parts).join(', ')}`)
  const rounds = values.quick ? 1 : Number(values.rounds)
  if (!(rounds >= 1)) throw new Error('--rounds is a number from 1 on')
  return {
    wanted: Object.entries(parts).filter(([name, part]) => only?.includes(name) ?? !part.onlyWhenAsked),
    options: { rounds, quick: values.quick, profileDir: values.profile },
  }
}

function say(line: string): void {
  console.log(line)
}

/** What one has to know to judge the figures. */
function machine(): string {
  const load = loadavg().map((l) => l.toFixed(1))
  return `node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, load average ${load.join(' ')}`
}
