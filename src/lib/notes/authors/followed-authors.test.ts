import { expect, it } from 'vitest'
import * as Y from 'yjs'
import type { Id } from '#shared/contracts/ids.ts'
import { Authors } from '../versions/note-authors.ts'
import { FollowedAuthors } from './followed-authors.ts'

const [me, bo] = ['memberMe00000001', 'memberBo000000001']

/** Somebody's words for this document, as they come from the server. */
function wordsOf(clientID: number, text: string): Uint8Array {
  const doc = Object.assign(new Y.Doc(), { clientID })
  doc.getText('x').insert(0, text)
  return Y.encodeStateAsUpdate(doc)
}

function follow(known: () => [number, Id][]): { doc: Y.Doc; followed: FollowedAuthors; asked: () => number; changed: () => Promise<void> } {
  const doc = Object.assign(new Y.Doc(), { clientID: 1 })
  let asked = 0
  let tell = () => {}
  const followed = new FollowedAuthors(doc, {
    fetchAuthors: async () => {
      asked++
      return new Authors({ epoch: 1, seq: asked, clients: known(), written: [], deleted: [] })
    },
    me,
    onChange: () => tell(),
    now: () => 1_000,
  })
  return { doc, followed, asked: () => asked, changed: () => new Promise((resolve) => (tell = resolve)) }
}

it('what is typed after the server told is one’s own, and of now; it is not asked again for that', async () => {
  const { doc, followed, asked } = follow(() => [])
  doc.getText('x').insert(0, 'before')
  await followed.ask()
  doc.getText('x').insert(6, ' and after')
  expect(followed.authors?.writer(1)).toBe(me)
  expect([followed.authors?.writtenAt(1, 10), followed.authors?.writtenAt(1, 16)]).toEqual([1_000, null])
  await followed.ask()
  expect(asked()).toBe(1)
  followed.destroy()
})

it('a colleague who begins to write meanwhile is asked for, once', async () => {
  const clients: [number, Id][] = []
  const { doc, followed, asked, changed } = follow(() => clients)
  await followed.ask()
  clients.push([2, bo])
  const told = changed()
  Y.applyUpdate(doc, wordsOf(2, 'Bo'))
  Y.applyUpdate(doc, wordsOf(2, 'Bo was here'))
  await told
  expect(followed.authors?.writer(2)).toBe(bo)
  expect(asked()).toBe(2)
  followed.destroy()
})

it('says that the server could not be asked, and is better when it can', async () => {
  const doc = new Y.Doc()
  const answers = [
    Promise.reject(new Error('no line')),
    Promise.resolve(new Authors({ epoch: 1, seq: 0, clients: [], written: [], deleted: [] })),
  ]
  const followed = new FollowedAuthors(doc, { fetchAuthors: () => answers.shift()!, me, onChange: () => {} })
  await followed.ask()
  expect([followed.authors, followed.failed]).toEqual([null, true])
  await followed.ask()
  expect([followed.authors !== null, followed.failed]).toEqual([true, false])
  followed.destroy()
})
