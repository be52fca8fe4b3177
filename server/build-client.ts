import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const clientDir = join(root, 'build')
const stampFile = join(clientDir, '.stamp')
/** What the client is built from, beside the packages. */
export const sources = ['src', 'static', 'package-lock.json', 'svelte.config.js', 'vite.config.ts']
/** Written by the build itself. */
const generated = [
  'src/paraglide',
  'src/project.inlang/.meta.json',
  'src/project.inlang/README.md',
  'src/project.inlang/.gitignore',
  'src/project.inlang/cache',
]

/** Builds the client when it is missing or older than its sources (by a hash of them). Returns its folder. */
export async function ensureClient(say: (line: string) => void): Promise<string> {
  const stamp = await hashOfSources()
  const built = existsSync(stampFile) ? await readFile(stampFile, 'utf8') : null
  if (built === stamp) return clientDir
  say(built === null ? 'Building the client (once, about half a minute) …' : 'The client is older than its sources: building it anew …')
  await runVite()
  await writeFile(stampFile, stamp)
  return clientDir
}

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256')
  for (const source of sources) {
    for (const file of await filesUnder(join(root, source))) {
      const name = relative(root, file).replaceAll('\\', '/')
      if (generated.some((g) => name === g || name.startsWith(`${g}/`)) || name.endsWith('.test.ts')) continue
      hash
        .update(name)
        .update('\0')
        .update(await readFile(file))
    }
  }
  return hash.digest('hex')
}

async function filesUnder(path: string): Promise<string[]> {
  if (!existsSync(path)) return []
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => null)
  if (entries === null) return [path]
  return entries
    .filter((e) => e.isFile())
    .map((e) => join(e.parentPath, e.name))
    .sort()
}

async function runVite(): Promise<void> {
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin', 'vite.js')
  const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'error'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()))
  const exitCode = await new Promise((resolve) => child.on('close', resolve))
  if (exitCode !== 0) throw new Error(`the client could not be built:\n${output}`)
}
