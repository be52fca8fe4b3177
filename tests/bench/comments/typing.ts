import { commentField } from '#shared/contracts/comment.ts'
import { noteField } from '#shared/contracts/notes-wire.ts'
import type { Bench } from '../bench.ts'
import { quantile } from '../statistics.ts'
import { commentDossier } from './commented-dossier.ts'
import { typeLetters } from './letters.ts'
import { BenchTab } from './tab.ts'

const isEnough = (typed: number): boolean => typed === 200

/** A letter typed in a comment until it is in a colleague's tab; the peer is a letter in the note of the same dossier. */
export async function typing(bench: Bench): Promise<void> {
  const { dataDir, cookies } = await bench.offices.sample()
  const dossierId = await commentDossier(dataDir)
  const server = await bench.server('office', [dataDir])
  const [author, reader] = [new BenchTab(server.url, cookies[0] ?? ''), new BenchTab(server.url, cookies[1] ?? '')]
  try {
    const own = (await author.comments(dossierId)).find(({ mayWrite }) => mayWrite)
    const read = (await reader.comments(dossierId)).find(({ note }) => note === own?.note)
    if (!own || !read) throw new Error('the author has no document of their own')
    const comment = [await author.open(own.note, own), await reader.open(read.note, read)] as const
    const note = [await author.open(dossierId), await reader.open(dossierId)] as const
    for (let round = 0; bench.hasTimeFor(round); round++) {
      const ofComment = await typeLetters(...comment, commentField('comment000000001'), isEnough)
      const ofNote = await typeLetters(...note, noteField, isEnough)
      for (const share of [0.5, 0.99]) {
        const figure = `letter until a colleague sees it, p${share * 100} (ms)`
        bench.figures.ours(`${figure}: comment, peer: note`, quantile(ofComment, share))
        bench.figures.peer(`${figure}: comment, peer: note`, quantile(ofNote, share))
      }
    }
  } finally {
    author.close()
    reader.close()
    await server.stop()
  }
}
