import { copyStore } from './keep/copy-store.ts'
import type { Digests } from './keep/copy-sections.ts'
import { nameOf } from './keep/place.ts'
import { copyStoreHelp, readCopy } from './setup/arguments.ts'
import { run } from './setup/run.ts'

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

await run(copyStoreHelp, async () => {
  const asked = readCopy(process.argv.slice(2))
  if (!asked) return null
  const digests = await copyStore({ ...asked, say: (line) => console.log(line) })
  return `${tableOf(digests)}\n${nameOf(asked.to)} holds the same as ${nameOf(asked.from)}.`
})

/** Rows and the beginning of the hash of each section. */
function tableOf(digests: Digests): string {
  const lines = Object.entries(digests).map(
    ([name, { count, sha256 }]) => `${name.padEnd(14)} ${count.toLocaleString('en').padStart(10)}  ${sha256.slice(0, 16)}`,
  )
  return lines.join('\n')
}
