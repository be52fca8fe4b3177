import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Bench } from '../bench.ts'
import { authorCount, commentCount, commentDossier } from './commented-dossier.ts'
import { BenchTab } from './tab.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const what = `${commentCount} comments by ${authorCount} authors`

/** A dossier with many comments, all documents over the tab's one socket: until every text can be read, and the memory it takes. */
export async function openDossier(bench: Bench): Promise<void> {
  const { dataDir, cookies } = await bench.offices.sample()
  const dossierId = await commentDossier(dataDir)
  const server = await bench.server('office', [dataDir])
  try {
    for (let round = 0; bench.hasTimeFor(round); round++) {
      const before = { tab: await memory(), server: (await server.held()).heapAndExternal }
      const tab = new BenchTab(server.url, cookies[round % cookies.length] ?? '')
      const startedAt = performance.now()
      const grants = await tab.comments(dossierId)
      await Promise.all(grants.map((grant) => tab.open(grant.note, grant)))
      bench.figures.ours(`${what}, until they can be read (ms)`, performance.now() - startedAt)
      bench.figures.ours(`${what}, memory of the tab (MB)`, ((await memory()) - before.tab) / 1e6)
      bench.figures.ours(`${what}, memory of the server (MB)`, ((await server.held()).heapAndExternal - before.server) / 1e6)
      bench.figures.ours(`${what}, text in them (million letters)`, charactersIn(tab) / 1e6)
      tab.close()
    }
  } finally {
    await server.stop()
  }
}

/** Also holds on to the tab until its memory was looked at. */
function charactersIn({ sessions }: BenchTab): number {
  const texts = sessions.flatMap(({ doc }) => [...(doc?.share.keys() ?? [])].map((field) => doc?.getXmlFragment(field).toString() ?? ''))
  return texts.reduce((sum, text) => sum + text.length, 0)
}

/** In use after a collection, in bytes. */
async function memory(): Promise<number> {
  // what ended a moment ago goes with the next turns
  await new Promise((resolve) => setTimeout(resolve, 200))
  for (let i = 0; i < 2; i++) collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
