import type { ImportFile } from '#shared/contracts/import.ts'
import { newId } from '../../../server/new-id.ts'
import { sampleFile } from '../../../server/sample/office.ts'
import { settled, upload } from '../../harness/import.ts'
import { Screen, type SignedIn, signedIn } from '../../harness/member.ts'
import type { Bench } from '../bench.ts'
import { quantile } from '../statistics.ts'

const screens = 5
/** A colleague changes something so often while files come in. */
const commandEveryMs = 25

/** The sample's files, and larger ones made of them: dry run, import, until every open screen shows it, and what others notice of it. */
export async function imports(bench: Bench): Promise<void> {
  const sizes = [
    { name: '2,000 clients + 2,778 dossiers', clients: await sampleFile('clients'), dossiers: await sampleFile('dossiers') },
    { name: '20,000 clients + 50,000 dossiers', ...(await largeFiles()) },
  ]
  for (let round = 0; bench.hasTimeFor(round); round++) {
    for (const { name, clients, dossiers } of bench.options.quick ? sizes.slice(0, 1) : sizes)
      await oneOffice(bench, name, clients, dossiers)
  }
}

async function oneOffice(bench: Bench, name: string, clients: string, dossiers: string): Promise<void> {
  const office = await bench.offices.empty()
  const server = await bench.server('office', [office.dataDir])
  const admin = signedIn(server.url, office.cookies[0] ?? '')
  await run(admin, await checkedFile(admin, 'members', await sampleFile('members')))
  const open = await Promise.all(Array.from({ length: screens }, () => Screen.open(admin)))
  const colleague = await Colleague.start(admin)
  await server.measure()

  const checkMs = await ms(async () => run(admin, await checkedFile(admin, 'clients', clients, bench, name)))
  bench.figures.ours(`${name}: clients from file to done (ms)`, checkMs)
  let id = ''
  bench.figures.ours(`${name}: dossiers, dry run (ms)`, await ms(async () => void (id = await checkedFile(admin, 'dossiers', dossiers))))
  const rows = dossiers.trim().split('\n').length - 1
  const runAt = performance.now()
  const shown = Promise.all(open.map((screen) => screen.until('every dossier is there', (s) => s.workspace.rows.size > rows, 120_000)))
  await run(admin, id)
  bench.figures.ours(`${name}: dossiers, import (ms)`, performance.now() - runAt)
  await shown
  bench.figures.ours(`${name}: dossiers, until ${screens} screens show them (ms)`, performance.now() - runAt)

  const latencies = await colleague.stop()
  bench.figures.ours(`${name}: a colleague's command meanwhile, p50 (ms)`, quantile(latencies, 0.5))
  bench.figures.ours(`${name}: a colleague's command meanwhile, p99 (ms)`, quantile(latencies, 0.99))
  bench.figures.ours(`${name}: longest pause of the server (ms)`, (await server.measured()).longestPauseMs)
  for (const screen of open) screen.close()
  await badFiles(bench, admin, server, name)
  await server.stop()
}

/** Files that are refused: nobody else notices them. */
async function badFiles(bench: Bench, admin: SignedIn, server: Awaited<ReturnType<Bench['server']>>, name: string): Promise<void> {
  const colleague = await Colleague.start(admin)
  await server.measure()
  const bad = [
    'client_ref,last_name\n' + '"x'.repeat(10_000_000),
    Array.from({ length: 1_000_000 }, (_, i) => `c${i}`).join(','),
    'email,name,role\n' + 'a@b.example,A,boss\n'.repeat(150_000),
  ]
  for (const [i, text] of bad.entries()) {
    const file = i === 2 ? 'members' : 'clients'
    const { body } = await upload(admin, file, text)
    const read = await settled(admin, body.id)
    if (read.state === 'read') await check(admin, body.id, read.guess)
  }
  const latencies = await colleague.stop()
  bench.figures.ours(`${name}: a colleague's command while bad files come in, p99 (ms)`, quantile(latencies, 0.99))
  bench.figures.ours(`${name}: longest pause while bad files come in (ms)`, (await server.measured()).longestPauseMs)
}

/** Somebody who goes on working: one command every so often, each timed. */
class Colleague {
  readonly #screen: Screen
  readonly #dossierId: string
  readonly #latencies: number[] = []
  readonly #working: Promise<void>
  #stopped = false

  private constructor(screen: Screen, dossierId: string) {
    this.#screen = screen
    this.#dossierId = dossierId
    this.#working = this.#work()
  }

  static async start(member: SignedIn): Promise<Colleague> {
    const screen = await Screen.open(member)
    const dossierId = newId()
    const client = { id: newId(), new: { firstName: 'Ada', lastName: 'Colleague' } }
    await screen.send({ type: 'dossier.create', dossierId, client, kind: 'mortgage', title: 'Busy', amount: null })
    return new Colleague(screen, dossierId)
  }

  async stop(): Promise<number[]> {
    this.#stopped = true
    await this.#working
    this.#screen.close()
    return this.#latencies
  }

  async #work(): Promise<void> {
    for (let i = 0; !this.#stopped; i++) {
      const startedAt = performance.now()
      await this.#screen.send({ type: 'dossier.edit', dossierId: this.#dossierId, title: `Busy ${i}` })
      const tookMs = performance.now() - startedAt
      this.#latencies.push(tookMs)
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, commandEveryMs - tookMs)))
    }
  }
}

/** Sends a file and has it checked; the id of its job. */
async function checkedFile(admin: SignedIn, file: ImportFile, text: string, bench?: Bench, name = ''): Promise<string> {
  const startedAt = performance.now()
  const { body } = await upload(admin, file, text)
  const read = await settled(admin, body.id)
  await check(admin, body.id, read.guess)
  bench?.figures.ours(`${name}: ${file}, dry run (ms)`, performance.now() - startedAt)
  return body.id
}

async function check(admin: SignedIn, id: string, mapping: Record<string, number>): Promise<void> {
  await admin.post(`/api/v1/imports/${id}/check`, { mapping, dates: 'auto' })
  await settled(admin, id)
}

async function run(admin: SignedIn, id: string): Promise<void> {
  await admin.post(`/api/v1/imports/${id}/run`, { faulty: 'refuse' })
  const { state } = await settled(admin, id)
  if (state !== 'done') throw new Error(`the import ended as ${state}`)
}

async function ms(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

/** The sample's households ten times, and its dossiers eighteen times, each under references of its own. */
async function largeFiles(): Promise<{ clients: string; dossiers: string }> {
  const [clients, dossiers] = [lines(await sampleFile('clients')), lines(await sampleFile('dossiers'))]
  const manyClients = Array.from({ length: 10 }, (_, i) => clients.rows.map((row) => row.replace(/^K/, `K${i}-`))).flat()
  const manyDossiers = Array.from({ length: 18 }, (_, i) =>
    dossiers.rows.map((row) => row.replace(/^(\d{4})-(\d{5}),K/, (_all, year: string, n: string) => `${year}-${i}${n},K${i % 10}-`)),
  ).flat()
  return {
    clients: [clients.head, ...manyClients.slice(0, 20_000)].join('\n'),
    dossiers: [dossiers.head, ...manyDossiers.slice(0, 50_000)].join('\n'),
  }
}

function lines(text: string): { head: string; rows: string[] } {
  const [head = '', ...rows] = text.trim().split(/\r?\n/)
  return { head, rows }
}
