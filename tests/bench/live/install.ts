import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Bench } from '../bench.ts'
import { start } from '../processes.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** `npm ci` and the build of the client, in a fresh copy of what is committed. Asked for by name only: it fetches from the registry. */
export async function install({ figures, offices }: Bench): Promise<void> {
  const folder = offices.folder('checkout')
  await mkdir(folder)
  await timed('sh', ['-c', 'git archive HEAD | tar -x -C "$0"', folder], root)
  figures.ours('npm ci (s)', await timed('npm', ['ci'], folder))
  figures.ours('build of the client (s)', await timed('npm', ['run', 'build'], folder))
}

/** Runs a command to its end; its seconds. Throws with what it said when it fails. */
async function timed(command: string, args: readonly string[], cwd: string): Promise<number> {
  const startedAt = performance.now()
  const child = start(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text: Buffer) => (said += text.toString()))
  const code = await new Promise((resolve) => child.on('close', resolve))
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${said.slice(-2_000)}`)
  return (performance.now() - startedAt) / 1_000
}
