import * as Y from 'yjs'
import { commentField } from '#shared/contracts/comment.ts'
import { noteField } from '#shared/contracts/notes-wire.ts'
import type { NoteSession } from '../../../src/lib/notes/note-session.ts'
import type { Bench } from '../bench.ts'
import { quantile } from '../statistics.ts'
import { commentDossier } from './commented-dossier.ts'
import { BenchTab } from './tab.ts'

const letters = 200
const everyMs = 10

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
      const ofComment = await type(...comment, commentField('comment000000001'))
      const ofNote = await type(...note, noteField)
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

/** How long each letter took, in milliseconds. */
async function type(writer: NoteSession, reader: NoteSession, field: string): Promise<number[]> {
  const [from, to] = [writer.doc, reader.doc]
  if (!from || !to) throw new Error('the text is not there')
  const paragraph = new Y.XmlElement('paragraph')
  const words = new Y.XmlText()
  paragraph.insert(0, [words])
  from.getXmlFragment(field).push([paragraph])
  const times: number[] = []
  for (let i = 0; i < letters; i++) {
    const typedAt = performance.now()
    words.insert(i, 'x')
    const clock = Y.getState(from.store, from.clientID)
    await until(to, () => Y.getState(to.store, from.clientID) >= clock)
    times.push(performance.now() - typedAt)
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
  return times
}

function until(doc: Y.Doc, isSo: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!isSo()) return
      doc.off('update', look)
      resolve()
    }
    doc.on('update', look)
    look()
  })
}
