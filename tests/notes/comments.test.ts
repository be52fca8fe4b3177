import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import * as Y from 'yjs'
import { commentField } from '#shared/contracts/comment.ts'
import { commentsNote } from '#shared/contracts/note-id.ts'
import { noteSchema, readerClient } from '#shared/contracts/notes-wire.ts'
import { noteRight } from '#shared/domain/comments.ts'
import { actor, ana, bo, noteA, TestOffice } from './office.ts'
import type { Writer } from './tab.ts'

const own = commentsNote(noteA, ana)
const [first, second] = [commentField('comment000000001'), commentField('comment000000002')]
let office: TestOffice

beforeEach(async () => {
  const access = { divisionId: null, ownerId: null, readerIds: [] }
  office = await TestOffice.start({ judge: async (_officeId, memberId, note) => noteRight(actor(memberId), access, note) })
})
afterEach(() => office.close())

function write({ doc }: Writer, field: string, text: string): void {
  const paragraph = new Y.XmlElement('paragraph')
  paragraph.insert(0, [new Y.XmlText(text)])
  doc.getXmlFragment(field).push([paragraph])
}
const read = ({ doc }: Writer, field: string) => doc.getXmlFragment(field).toString()
const opened = (clientId: number) => ({ note: own, epoch: 1, schema: noteSchema, clientId })

/** In which files of the store these letters stand. */
async function filesWith(letters: string): Promise<string[]> {
  const folder = dirname(office.databasePath)
  const found = await Promise.all(
    (await readdir(folder)).map(async (name) => ((await readFile(join(folder, name))).includes(letters) ? [name] : [])),
  )
  return found.flat()
}

it('S4.12 a comment appears in a colleague’s browser while it is being written; reading takes no client id', async () => {
  const author = await office.tab(ana).open(own)
  const reader = office.tab(bo).writer(opened(readerClient))
  await reader.synced()
  write(author, first, 'as it is being written')
  await reader.until(() => read(reader, first).includes('as it is being written'))
  expect(reader.mayWrite).toBe(false)
  expect(await office.store.clientsOf('office00000000001', own, bo)).toEqual([])
  const grants = await office.server.grantComments(actor(bo), noteA, [ana, bo], 2)
  expect(grants.map(({ note, clientId, mayWrite, ahead }) => [note, clientId === readerClient, mayWrite, ahead?.length])).toEqual([
    [own, true, false, 0],
    [commentsNote(noteA, bo), false, true, 2],
  ])
})

it('S4.12 a text that is taken away is gone on every screen and in every file of the store; the others stay', async () => {
  const canary = 'zanzibar-7183-canary'
  const author = await office.tab(ana).open(own)
  const reader = office.tab(bo).writer(opened(readerClient))
  await reader.synced()
  for (let i = 0; i < 50; i++) write(author, first, `${canary} ${i}`)
  write(author, second, 'this one stays')
  await author.allSaved()
  expect(await filesWith(canary)).not.toEqual([])
  await office.server.erase('office00000000001', own, first)
  expect(await filesWith(canary)).toEqual([])
  for (const screen of [author, reader]) await screen.until(() => read(screen, first) === '')
  expect(read(reader, second)).toContain('this one stays')
  const later = await office.tab(ana).open(own)
  expect([read(later, first), read(later, second)]).toEqual(['', read(author, second)])
  write(author, second, 'and is written on')
  await author.allSaved()
  await later.until(() => read(later, second).includes('and is written on'))
  // once more does no harm
  await office.server.erase('office00000000001', own, first)
})

it('S4.12 what its author types while a comment is being taken away goes on elsewhere, and none of it is lost', async () => {
  const author = await office.tab(ana).open(own)
  for (let round = 0; round < 5; round++) {
    write(author, first, `round ${round}`)
    const erased = office.server.erase('office00000000001', own, first)
    write(author, second, `kept ${round}`)
    await erased
    await author.allSaved()
  }
  const later = await office.tab(ana).open(own)
  for (let round = 0; round < 5; round++) expect(read(later, second)).toContain(`kept ${round}`)
  expect(read(later, second)).toBe(read(author, second))
})
