import { basename } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take long, the longest first. */
const long = [
  ...['flips', 'import', 'keep', 'sessions', 'rolling', 'command-line', 'newer-version', 'import-attacked', 'people'],
  ...['honest', 'fuzz', 'versions-honest', 'versions', 'rooms'],
  ...['imports', 'copy', 'two-processes', 'two-nodes', 'large-change', 'figures', 'demo'],
  ...['failover', 'waiting', 'kill', 'mutants'],
  ...['mongo', 'stale-read', 'sqlite', 'journal'],
].map((name) => `${name}.test.ts`)

/** Begins with what takes longest: begun last, it would keep one core busy and the other waiting. Where nothing is known, the larger file is first. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => (long.indexOf(basename(moduleId)) + long.length + 1) % (long.length + 1)
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b))
  }
}
