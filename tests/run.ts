import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureClient } from '../server/build-client.ts'

/**
 * Runs every suite, one after the other, and prints the summary last: what failed, seconds a suite, then `N passed, N failed, N skipped`.
 * `npm test -- unit e2e` runs only these. Two at once were no faster: what waits for a storm to be over makes more of it meanwhile.
 */
interface Counts {
  passed: number
  failed: number
  skipped: number
}
interface Result extends Counts {
  /** Title and message of each test that failed: said once more at the end, where a long log is cut off at its head. */
  failures: string[]
}
interface Outcome extends Result {
  name: string
  seconds: number
}

const projects = ['unit', 'store', 'server', 'notes', 'nodes', 'soak']
const folder = await mkdtemp(join(tmpdir(), 'codossier-run-'))
process.env.CODOSSIER_TEST_OFFICES = folder
// hundreds of processes load the same modules: compiled once
process.env.NODE_COMPILE_CACHE ??= join(folder, 'compiled')

const wanted = process.argv.slice(2)
const isWanted = (name: string) => wanted.length === 0 || wanted.includes(name)
const outcomes: Outcome[] = []
if (isWanted('check')) outcomes.push(await timed('check', check))
for (const project of projects.filter(isWanted)) {
  outcomes.push(await timed(project, () => vitest(project, join(folder, `${project}.json`))))
}
if (isWanted('e2e')) outcomes.push(await timed('e2e', () => playwright(join(folder, 'e2e.json'))))
await rm(folder, { recursive: true, force: true })
summarise(outcomes)

async function timed(name: string, run: () => Promise<Result>): Promise<Outcome> {
  console.log(`\n── ${name}`)
  const startedAt = performance.now()
  const result = await run()
  return { name, seconds: (performance.now() - startedAt) / 1_000, ...result }
}

/** Types, lint and format: one "test" each. Building the client writes the message functions that the types need. */
async function check(): Promise<Result> {
  await ensureClient((line) => console.log(line))
  const synced = await command('svelte-kit', ['sync'])
  const checks: [name: string, args: string[]][] = [
    ['svelte-check', ['--tsconfig', './tsconfig.json', '--output', 'human', '--fail-on-warnings']],
    ['tsc', ['-p', 'src/shared/tsconfig.json']],
    ['eslint', ['.', '--max-warnings', '0']],
    ['prettier', ['--check', '--log-level', 'warn', '.']],
  ]
  const codes = [synced, ...(await Promise.all(checks.map(([name, args]) => command(name, args))))]
  const failures = ['svelte-kit', ...checks.map(([name]) => name)].filter((_, n) => codes[n] !== 0)
  return { passed: codes.length - failures.length, failed: failures.length, skipped: 0, failures }
}

interface VitestReport {
  testResults: {
    name: string
    status: string
    message?: string
    assertionResults: { status: string; fullName: string; failureMessages?: string[] }[]
  }[]
}

async function vitest(project: string, report: string): Promise<Result> {
  const options = ['--reporter', 'default', '--reporter', 'json', '--outputFile.json', report]
  const code = await command('vitest', ['run', '--config', 'tests/vitest.config.ts', '--project', project, ...options])
  const { testResults: files } = await told<VitestReport>(report, { testResults: [] })
  const results = files.flatMap((file) => file.assertionResults)
  const failures = results
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages }) => [fullName, ...(failureMessages ?? [])].join('\n'))
  // one that could not even be loaded
  const broken = files.filter(({ status, assertionResults }) => status === 'failed' && !assertionResults.some((r) => r.status === 'failed'))
  failures.push(...broken.map((file) => [file.name, file.message ?? ''].join('\n')))
  const passed = results.filter(({ status }) => status === 'passed').length
  const skipped = results.filter(({ status }) => status !== 'passed' && status !== 'failed').length
  return orFailed({ passed, failed: failures.length, skipped, failures }, code)
}

interface PlaywrightSuite {
  specs: { title: string; ok: boolean; tests: { results: { error?: { message?: string } }[] }[] }[]
  suites?: PlaywrightSuite[]
}
interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number }
  suites: PlaywrightSuite[]
}

async function playwright(report: string): Promise<Result> {
  const code = await command('playwright', ['test', '--config', 'tests/e2e/playwright.config.ts'], { PLAYWRIGHT_JSON_OUTPUT_NAME: report })
  const { stats, suites } = await told<PlaywrightReport>(report, {
    stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 0 },
    suites: [],
  })
  const failures = specsOf(suites)
    .filter(({ ok }) => !ok)
    .map(({ title, tests }) => [title, ...tests.flatMap((t) => t.results.map(({ error }) => error?.message ?? ''))].join('\n'))
  const result = { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped, failures }
  return orFailed(result, code)
}

function specsOf(suites: PlaywrightSuite[]): PlaywrightSuite['specs'] {
  return suites.flatMap(({ specs, suites: inner = [] }) => [...specs, ...specsOf(inner)])
}

/** What a runner wrote down; nothing where it did not come to that. */
async function told<T>(report: string, nothing: T): Promise<T> {
  const text = await readFile(report, 'utf8').catch(() => null)
  return text === null ? nothing : (JSON.parse(text) as T)
}

/** A runner that ended badly without a failed test (a crash, no tests at all) counts as one. */
function orFailed(result: Result, code: number): Result {
  const ranNothing = result.passed + result.failed === 0
  return code !== 0 || ranNothing ? { ...result, failed: Math.max(1, result.failed) } : result
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
  for (const { name, failures } of results)
    for (const failure of failures) console.log(`\n── failed in ${name}: ${failure.slice(0, 2_000)}`)
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
