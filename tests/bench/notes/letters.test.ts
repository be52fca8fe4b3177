import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { noteField } from '#shared/contracts/notes-wire.ts'
import { eachRun, firstLetter, letter, ownParagraph } from './letters.ts'

const clientId = 3_735_928_559

it('a letter is the update that Yjs itself makes of typing it', () => {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, ownParagraph(clientId))
  doc.clientID = clientId
  const words = (doc.getXmlFragment(noteField).get(0) as Y.XmlElement).get(0) as Y.XmlText
  const made: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => made.push(update))
  for (const typed of 'cdefghijklmnopqrstuvwxyzabc') words.insert(words.length, typed)
  expect(made).toEqual(made.map((_, index) => letter(clientId, firstLetter + index)))
})

it('letters are counted in single updates, in merged ones, and in a whole note', () => {
  const typed = [5, 6, 7].map((clock) => letter(clientId, clock))
  const others = [ownParagraph(8), letter(8, 2), letter(8, 3)]
  const seen = (update: Uint8Array) => {
    const clocks: string[] = []
    eachRun(update, (client, clock, end) => {
      for (; clock < end; clock++) clocks.push(`${client}:${clock}`)
    })
    return clocks.toSorted()
  }
  expect(seen(letter(clientId, 2))).toEqual([`${clientId}:2`])
  const all = ['8:2', '8:3', `${clientId}:5`, `${clientId}:6`, `${clientId}:7`].toSorted()
  expect(seen(Y.mergeUpdates([...typed, ...others]))).toEqual(all)
})

it('what a whole note holds is counted once', () => {
  const doc = new Y.Doc()
  for (const update of [ownParagraph(8), letter(8, 2), letter(8, 3), letter(8, 4)]) Y.applyUpdate(doc, update)
  const runs: [number, number, number][] = []
  eachRun(Y.encodeStateAsUpdate(doc), (client, clock, end) => runs.push([client, clock, end]))
  expect(runs).toEqual([[8, firstLetter, 5]])
})
