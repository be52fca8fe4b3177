import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bench } from '../bench.ts'
import { quantile } from '../statistics.ts'

/** How long this machine's disk takes to have 4 KB for sure: no command and no keystroke of ours can be seen sooner. */
export async function disk({ figures, offices, options }: Bench): Promise<void> {
  const folder = offices.folder('disk')
  await mkdir(folder)
  const file = openSync(join(folder, 'page'), 'w')
  const page = Buffer.alloc(4_096)
  const tookMs: number[] = []
  for (let i = 0; i < (options.quick ? 40 : 150); i++) {
    const startedAt = performance.now()
    writeSync(file, page)
    fsyncSync(file)
    tookMs.push(performance.now() - startedAt)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  closeSync(file)
  figures.ours('one write to this disk, p50 (ms)', quantile(tookMs, 0.5))
  figures.ours('one write to this disk, p99 (ms)', quantile(tookMs, 0.99))
}
