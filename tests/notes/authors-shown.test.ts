import { Author } from './author.ts'
import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { authorAt, showAuthors, shownAuthors } from '../../src/lib/components/note/authors/author-colours.ts'
import { Authors } from '../../src/lib/notes/versions/note-authors.ts'
import { linesOf } from '../../src/lib/notes/versions/note-lines.ts'
import { noteField } from '#shared/contracts/notes-wire.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { diceFrom, oneOf } from './dice.ts'
import { ana, bo, noteA, officeId, TestOffice, vic } from './office.ts'

const place = { officeId, note: noteA }
const lookOf = () => ({ colour: 'red', line: '2px solid' })

/** Each letter of the shared text in its order, with who wrote it by its address. */
function written({ session }: Author, authors: Authors): [letter: string, by: Id | null][] {
  const pieces = linesOf(session.session.doc!.getXmlFragment(noteField)).flatMap((line) => line.pieces)
  return pieces.flatMap(({ text, client }) => text.split('').map((letter): [string, Id | null] => [letter, authors.writer(client)]))
}

/** The same as the editor shows it. */
function shown({ editor }: Author): [letter: string, by: Id | null][] {
  const letters: [string, Id | null][] = []
  editor.state.doc.descendants((node, at) => {
    const text = node.isText ? node.text! : node.type.name === 'hardBreak' ? '\n' : ''
    text.split('').forEach((letter, i) => letters.push([letter, authorAt(editor, at + i + 1)?.by ?? null]))
  })
  return letters
}

it('S4.15 while three write at random, each letter is shown as its author’s, and showing it writes nothing', async () => {
  const seed = Date.now() % 1_000_000
  console.log(`seed ${seed}`)
  const dice = diceFrom(seed)
  const office = await TestOffice.start()
  try {
    const writers = await Promise.all([ana, bo, vic].map((memberId) => Author.open(office.tab(memberId), noteA)))
    const sessions = writers.map(({ session }) => session)
    const [watching] = writers as [Author]
    const untilEqual = async () => {
      await Promise.all(sessions.map((session) => session.untilStatus(({ state }) => state === 'saved')))
      await Promise.race(sessions.map((session) => session.until(() => new Set(sessions.map(({ text }) => text)).size === 1)))
    }
    watching.type('Ana begins. ')
    writers.slice(1).forEach((writer) => writer.type('And so do they. '))
    await untilEqual()
    const authors = new Authors(await office.server.versions.authors(place))
    const stored = Y.encodeStateAsUpdate(watching.session.session.doc!)
    showAuthors(watching.editor, { authors, lookOf })
    expect(Y.encodeStateAsUpdate(watching.session.session.doc!)).toEqual(stored)
    for (let edit = 1; edit <= 300; edit++) {
      oneOf(dice, writers).act(dice)
      if (edit % 5 === 0) await new Promise((resolve) => setImmediate(resolve))
      if (edit % 30 !== 0) continue
      await untilEqual()
      await new Promise((resolve) => requestAnimationFrame(resolve))
      const letters = written(watching, authors)
      expect(shown(watching)).toEqual(letters)
      expect(new Set(shownAuthors(watching.editor).keys())).toEqual(new Set(letters.map(([, by]) => by)))
    }
    const made = watching.made
    showAuthors(watching.editor, null)
    expect(shownAuthors(watching.editor).size).toBe(0)
    expect(watching.made).toBe(made)
    for (const writer of writers) writer.close()
  } finally {
    await office.close()
  }
})
