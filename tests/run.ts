import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureClient } from '../server/build-client.ts'

/**
 * Runs every suite, one after the other, and prints the summary last: seconds a suite, then `N passed, N failed, N skipped`.
 * `npm test -- unit e2e` runs only these.
 */
interface Counts {
  passed: number
  failed: number
  skipped: number
}
interface Outcome extends Counts {
  name: string
  seconds: number
}

const folder = await mkdtemp(join(tmpdir(), 'codossier-run-'))
const suites: [name: string, run: (report: string) => Promise<Counts>][] = [
  ['check', check],
  ...['unit', 'store', 'server', 'notes', 'nodes', 'soak'].map((name): [string, (report: string) => Promise<Counts>] => [
    name,
    (report) => vitest(name, report),
  ]),
  ['e2e', playwright],
]

const wanted = process.argv.slice(2)
const outcomes: Outcome[] = []
for (const [name, run] of suites) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  console.log(`\n── ${name}`)
  const startedAt = performance.now()
  const counts = await run(join(folder, `${name}.json`))
  outcomes.push({ name, seconds: (performance.now() - startedAt) / 1_000, ...counts })
}
await rm(folder, { recursive: true, force: true })
summarise(outcomes)

/** Types, lint and format: one "test" each. Building the client writes the message functions that the types need. */
async function check(): Promise<Counts> {
  await ensureClient((line) => console.log(line))
  const synced = await command('svelte-kit', ['sync'])
  const codes = [
    synced,
    ...(await Promise.all([
      command('svelte-check', ['--tsconfig', './tsconfig.json', '--output', 'human', '--fail-on-warnings']),
      command('tsc', ['-p', 'src/shared/tsconfig.json']),
      command('eslint', ['.', '--max-warnings', '0']),
      command('prettier', ['--check', '--log-level', 'warn', '.']),
    ])),
  ]
  const failed = codes.filter((code) => code !== 0).length
  return { passed: codes.length - failed, failed, skipped: 0 }
}

async function vitest(project: string, report: string): Promise<Counts> {
  const code = await command('vitest', [
    'run',
    '--config',
    'tests/vitest.config.ts',
    '--project',
    project,
    '--reporter',
    'default',
    '--reporter',
    'json',
    '--outputFile.json',
    report,
  ])
  const counts = await counted(report, (r: { numPassedTests: number; numFailedTests: number; numPendingTests: number }) => ({
    passed: r.numPassedTests,
    failed: r.numFailedTests,
    skipped: r.numPendingTests,
  }))
  return orFailed(counts, code)
}

async function playwright(report: string): Promise<Counts> {
  const code = await command('playwright', ['test', '--config', 'tests/e2e/playwright.config.ts'], { PLAYWRIGHT_JSON_OUTPUT_NAME: report })
  const counts = await counted(report, (r: { stats: { expected: number; unexpected: number; flaky: number; skipped: number } }) => ({
    passed: r.stats.expected + r.stats.flaky,
    failed: r.stats.unexpected,
    skipped: r.stats.skipped,
  }))
  return orFailed(counts, code)
}

async function counted<T>(report: string, count: (report: T) => Counts): Promise<Counts> {
  const text = await readFile(report, 'utf8').catch(() => null)
  return text === null ? { passed: 0, failed: 0, skipped: 0 } : count(JSON.parse(text) as T)
}

/** A runner that ended badly without a failed test (a crash, no tests at all) counts as one. */
function orFailed(counts: Counts, code: number): Counts {
  const ranNothing = counts.passed + counts.failed === 0
  return code !== 0 || ranNothing ? { ...counts, failed: Math.max(1, counts.failed) } : counts
}

function command(name: string, args: string[], environment: Record<string, string> = {}): Promise<number> {
  const child = spawn(join('node_modules', '.bin', name), args, {
    stdio: 'inherit',
    env: { ...process.env, FORCE_COLOR: '0', ...environment },
  })
  return new Promise((resolve) => {
    child.on('error', (error) => {
      console.error(`${name}: ${error.message}`)
      resolve(1)
    })
    child.on('close', (code) => resolve(code ?? 1))
  })
}

function summarise(results: Outcome[]): void {
  const sum = (key: keyof Counts) => results.reduce((total, r) => total + r[key], 0)
  console.log('\nsuite      seconds  passed  failed  skipped')
  for (const { name, seconds, passed, failed, skipped } of results) {
    console.log(
      `${name.padEnd(10)} ${seconds.toFixed(1).padStart(7)} ${String(passed).padStart(7)} ${String(failed).padStart(7)} ${String(skipped).padStart(8)}`,
    )
  }
  console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`)
  process.exitCode = sum('failed') > 0 ? 1 : 0
}
