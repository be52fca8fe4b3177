import { fileURLToPath } from 'node:url'
import type { Bench } from '../bench.ts'
import type { PreparedOffice } from '../offices.ts'
import { start as startProcess } from '../processes.ts'

const main = fileURLToPath(new URL('../../../server/main.ts', import.meta.url))

/** Cold start as `npm start` does it, and memory when nothing happens; beside it a Socket.io server that does nothing at all. */
export async function start(bench: Bench): Promise<void> {
  const { figures, offices } = bench
  const sample = await offices.sample()
  const large = await offices.large()
  for (let round = 0; bench.hasTimeFor(round); round++) {
    figures.ours('cold start, sample office, until it is ready (ms)', await coldStart(sample))
    figures.ours('cold start, 50,000 dossiers, until it is ready (ms)', await coldStart(large))
    await idle(bench, sample, 'sample office')
    await idle(bench, large, '50,000 dossiers')
    const relay = await bench.server('socket-relay')
    figures.peer('cold start, sample office, until it is ready (ms)', relay.startedMs)
    await pause()
    figures.peer('memory idle, sample office (MB)', (await relay.measured()).rssBytes / 1e6)
    await relay.stop()
  }
}

/** From the start of the process until `/readyz` says so, the check whether the client is up to date included. */
async function coldStart({ dataDir }: PreparedOffice): Promise<number> {
  const startedAt = performance.now()
  const environment = { ...process.env, PORT: '0', HOST: '127.0.0.1', DATA_DIR: dataDir, PUBLIC_URL: '', LOG_LEVEL: 'error' }
  const child = startProcess(process.execPath, [main], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const url = await new Promise<string>((resolve, reject) => {
      let said = ''
      child.stdout?.on('data', (text: Buffer) => {
        const address = /Codossier runs at (\S+)/.exec((said += text.toString()))?.[1]
        if (address) resolve(address)
      })
      child.once('exit', (code) => reject(new Error(`the server ended with code ${code}: ${said}`)))
    })
    const { ok } = await fetch(`${url}/readyz`)
    if (!ok) throw new Error('the server runs and is not ready')
    return performance.now() - startedAt
  } finally {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    if (child.exitCode === null && child.kill('SIGTERM')) await ended
  }
}

/** Resident memory some time after the start, and again some time after somebody opened the office. */
async function idle(bench: Bench, { dataDir, cookies }: PreparedOffice, what: string): Promise<void> {
  const server = await bench.server('office', [dataDir])
  await pause()
  bench.figures.ours(`memory idle, ${what} (MB)`, (await server.measured()).rssBytes / 1e6)
  await (await fetch(`${server.url}/api/v1/workspace`, { headers: { cookie: cookies[0] ?? '' } })).text()
  await pause()
  bench.figures.ours(`memory idle, ${what}, once it was opened (MB)`, (await server.measured()).rssBytes / 1e6)
  await server.stop()
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1_500))
}
