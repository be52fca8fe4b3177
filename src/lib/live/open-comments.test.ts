import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Comment, CommentEvent } from '#shared/contracts/comment.ts'
import type { Delivery } from '#shared/contracts/workspace.ts'
import { OpenComments } from './open-comments.svelte.ts'
import { OfficeWorkspace } from './workspace.svelte.ts'

vi.stubGlobal('document', { hidden: false })
vi.stubGlobal('requestAnimationFrame', (draw: () => void) => draw())
afterAll(() => vi.unstubAllGlobals())

const dossierId = 'dossierA000000001'
const ana = 'memberAna00000001'
const draft: Comment = {
  ...{ id: 'commentA000000001', at: 3, dossierId, authorId: ana, rule: null, about: null, tab: 'general', writtenAt: 1_000 },
  ...{ validatedAt: null, editedAt: null, deletedAt: null, inSynthesis: true, mentions: [] },
}
const later: Comment = { ...draft, id: 'commentB000000001', writtenAt: 2_000, validatedAt: 2_500 }

let workspace: OfficeWorkspace
/** What the server will say of the comments, once it is asked. */
let answer: (comments: Comment[]) => void
let comments: OpenComments

beforeEach(() => {
  vi.stubGlobal('fetch', () => {
    return new Promise((resolve) => {
      answer = (list) => resolve(Response.json({ at: 0, counts: { counted: 0, writing: 0, inSynthesis: 0 }, comments: list }))
    })
  })
  workspace = new OfficeWorkspace()
  workspace.at = 10
  comments = new OpenComments(workspace, dossierId)
})

function deliver(type: CommentEvent['type'], comment: Comment): void {
  const n = workspace.at + 1
  const access = { divisionId: null, ownerId: null, readerIds: [] }
  const said = {
    type,
    comment: { ...comment, at: n },
    fields: {},
    mentions: [],
    subjects: [{ dossierId, fields: {}, access: { before: access, after: access } }],
  }
  const event = { ...said, n, at: 0, by: ana, commandId: `command${n}` }
  const delivery = { from: n, to: n, items: [{ kind: 'event', event }] } as Delivery
  expect(workspace.apply(delivery).result).toBe('applied')
}
const ids = () => comments.list.map(({ id }) => id)
const ready = () => vi.waitFor(() => expect(comments.state).toBe('ready'))

describe('the comments on an open dossier', () => {
  it('S4.12 stand with the newest first, and count once validated', async () => {
    answer([draft, later])
    await ready()
    expect(ids()).toEqual([later.id, draft.id])
    expect(comments.counts).toEqual({ counted: 1, writing: 1, inSynthesis: 1 })
    deliver('comment.validated', { ...draft, validatedAt: 3_000 })
    expect(comments.counts).toEqual({ counted: 2, writing: 0, inSynthesis: 2 })
  })

  it('L3 what an event told is not taken back by an answer that is older', async () => {
    deliver('comment.validated', { ...draft, validatedAt: 3_000 })
    answer([{ ...draft, at: 0 }])
    await ready()
    expect(comments.get(draft.id)?.validatedAt).toBe(3_000)
  })

  it('S4.12 a new one shows before its answer, and goes again when it is refused', async () => {
    answer([])
    await ready()
    const refused = comments.predict({ ...draft, at: 0 }, Promise.resolve(false))
    expect(ids()).toEqual([draft.id])
    await refused
    expect(ids()).toEqual([])
  })

  it('S4.12 a change shows before its answer, and stays until its event is here', async () => {
    answer([later])
    await ready()
    await comments.predict({ id: later.id, inSynthesis: false }, Promise.resolve(true))
    expect(comments.counts.inSynthesis).toBe(0)
    deliver('comment.changed', later)
    expect(comments.counts.inSynthesis).toBe(1)
  })
})
