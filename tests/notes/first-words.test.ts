import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Author } from './author.ts'
import { noteUpdateFromText } from '../../server/rooms/import-text.ts'
import { ana, bo, noteA, officeId, TestOffice, vic } from './office.ts'

let office: TestOffice
beforeEach(async () => {
  office = await TestOffice.start()
})
afterEach(() => office.close())

/** Twenty tabs with the editor of one note, in which nobody wrote yet. */
const openTwenty = () => Promise.all(Array.from({ length: 20 }, (_, i) => Author.open(office.tab([ana, bo, vic][i % 3] ?? ana), noteA)))

/** Resolves with the one text that all have, in editor, document and store. */
async function settled(authors: readonly Author[]): Promise<string> {
  const sessions = authors.map(({ session }) => session)
  await Promise.all(sessions.map((session) => session.untilStatus(({ state }) => state === 'saved')))
  const texts = () => new Set(sessions.map(({ text }) => text))
  await Promise.race(sessions.map((session) => session.until(() => texts().size === 1)))
  const [text] = [...texts()]
  expect([...new Set(authors.map(({ shown }) => shown))]).toHaveLength(1)
  expect(await office.storedText(noteA)).toBe(text)
  return text ?? ''
}

const linesOf = (text: string) => [...text.matchAll(/<paragraph>(.*?)<\/paragraph>/g)].map(([, line]) => line)

describe('the first words of a note', () => {
  it('L1 opening it writes nothing, however many do', async () => {
    const authors = await openTwenty()
    expect(authors.map(({ made }) => made)).toEqual(authors.map(() => 0))
    expect((await office.store.note(officeId, noteA)).updates).toEqual([])
    for (const author of authors) author.close()
  })

  it('L1 of twenty tabs at once: each stands there once, and no empty paragraph beside it', async () => {
    const authors = await openTwenty()
    authors.forEach((author, i) => author.type(`words of ${i}`))
    const text = await settled(authors)
    expect(linesOf(text).toSorted()).toEqual(authors.map((_, i) => `words of ${i}`).toSorted())
    for (const author of authors) author.close()
  })

  it('L1 that an import wrote while twenty tabs have the note open and write: they stand there once, also when it is written again', async () => {
    const authors = await openTwenty()
    const bytes = noteUpdateFromText('First line\nSecond line')
    const fence = await office.store.fence(officeId, noteA)
    const append = async (seq: number) =>
      office.store.appendNotes([{ officeId, note: noteA, epoch: 1, seq, memberId: ana, at: 0, bytes, fence }])
    expect(await append(1)).toEqual(['stored'])
    authors.forEach((author, i) => author.type(`words of ${i}`))
    await settled(authors)
    const { updates } = await office.store.note(officeId, noteA)
    expect(await append((updates.at(-1)?.seq ?? 0) + 1)).toEqual(['stored'])
    authors[0]?.type('!')
    const lines = linesOf(await settled(authors))
    expect(lines.filter((line) => line === 'First line' || line === 'Second line')).toEqual(['First line', 'Second line'])
    expect(lines).toHaveLength(authors.length + 2)
    for (const author of authors) author.close()
  })
})
