import { stat } from 'node:fs/promises'
import type { DossierRow } from '#shared/contracts/dossier.ts'
import { runEntry } from '../../harness/command-line.ts'
import type { Bench } from '../bench.ts'

/** Backup of the large office while its server runs, restore into a new folder, and exports of all its dossiers. */
export async function keep(bench: Bench): Promise<void> {
  for (let round = 0; bench.hasTimeFor(round); round++) {
    const office = await bench.offices.large()
    const server = await bench.server('office', [office.dataDir])
    const cookie = office.cookies[0] ?? ''
    await readList(server.url, cookie)
    const file = bench.offices.folder(`backup-${round}.tar.gz`)
    await server.measure()
    bench.figures.ours('backup of 50,000 dossiers while the server runs (s)', await seconds(() => run('backup', file, office.dataDir)))
    bench.figures.ours('backup: longest pause of the server (ms)', (await server.measured()).longestPauseMs)
    bench.figures.ours('backup: size of the file (MB)', (await stat(file)).size / 1e6)
    for (const format of ['csv', 'xlsx'] as const) {
      await server.measure()
      bench.figures.ours(`export of 50,000 dossiers, ${format} (s)`, await seconds(() => exported(server.url, cookie, format)))
      bench.figures.ours(`export, ${format}: longest pause of the server (ms)`, (await server.measured()).longestPauseMs)
    }
    await server.stop()
    const restored = bench.offices.folder(`restored-${round}`)
    bench.figures.ours('restore of 50,000 dossiers (s)', await seconds(() => run('restore', file, restored)))
    const again = await bench.server('office', [restored])
    const dossiers = await readList(again.url, cookie)
    if (dossiers.length === 0) throw new Error('the restored office is empty')
    await again.stop()
  }
}

async function run(entry: 'backup' | 'restore', file: string, dataDir: string): Promise<void> {
  const { code, said } = await runEntry(entry, [file], dataDir)
  if (code !== 0) throw new Error(said)
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return (performance.now() - startedAt) / 1e3
}

async function readList(url: string, cookie: string): Promise<DossierRow[]> {
  const response = await fetch(`${url}/api/v1/dossiers?limit=10`, { headers: { cookie } })
  if (!response.ok) throw new Error(`the list could not be read: ${response.status}`)
  return ((await response.json()) as { dossiers: DossierRow[] }).dossiers
}

async function exported(url: string, cookie: string, format: 'csv' | 'xlsx'): Promise<void> {
  const response = await fetch(`${url}/api/v1/dossiers/export`, {
    method: 'POST',
    headers: { cookie, origin: url, 'content-type': 'application/json' },
    body: JSON.stringify({ format }),
  })
  if (!response.ok) throw new Error(`the export failed: ${response.status}`)
  await response.arrayBuffer()
}
