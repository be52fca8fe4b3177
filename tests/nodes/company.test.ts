import { afterAll, beforeAll, expect, it } from 'vitest'
import * as Y from 'yjs'
import type { Id } from '#shared/contracts/ids.ts'
import { noteField, type WriterState } from '#shared/contracts/notes-wire.ts'
import type { Screen, SignedIn } from '../harness/member.ts'
import { describeWithMongo } from '../harness/replica-set.ts'
import { openTypist, type Typist } from '../harness/typist.ts'
import { Cluster } from './cluster.ts'
import type { NodeProcess } from './node-process.ts'

let cluster: Cluster
let here: NodeProcess
let there: NodeProcess
let adviser: SignedIn
let admin: SignedIn
/** The adviser sits on one node, the admin on the other. */
let visitor: Screen
let watcher: Screen
let dossierId: Id

const isThere = (screen: Screen, place: string) =>
  screen.presence.get(dossierId)?.some((one) => one.memberId === visitor.memberId && one.place === place) ?? false

describeWithMongo('who is there, across nodes', () => {
  beforeAll(async () => {
    cluster = await Cluster.start(['adviser', 'admin'])
    ;[here, there] = cluster.nodes as [NodeProcess, NodeProcess]
    ;[adviser, admin] = cluster.members as [SignedIn, SignedIn]
    visitor = await cluster.at(here, adviser).open()
    watcher = await cluster.at(there, admin).open()
    dossierId = [...visitor.workspace.rows.values()].find(({ status }) => status === 'client')!.id
  }, 120_000)
  afterAll(async () => {
    for (const screen of [visitor, watcher]) screen?.close()
    await cluster?.stop()
  }, 60_000)

  it('L5 who goes to a dossier on one node is seen on the other, also by who opens the office later', async () => {
    visitor.socket.emit('whereabouts', { dossierId, place: 'summary' })
    await watcher.until('the adviser is there', (screen) => isThere(screen, 'summary'), 20_000)
    const later = await cluster.at(there, admin).open()
    await later.until('the adviser is there', (screen) => isThere(screen, 'summary'), 20_000)
    later.close()
    visitor.socket.emit('whereabouts', { dossierId, place: 'history' })
    await watcher.until('the adviser is elsewhere in it', (screen) => isThere(screen, 'history'), 20_000)
    visitor.socket.emit('whereabouts', null)
    await watcher.until('nobody is there', ({ presence }) => presence.get(dossierId)?.length === 0, 20_000)
  })

  it('L5 a caret on one node is shown on the other, under the name that the server gives it', async () => {
    const writer = await openTypist(cluster.at(here, adviser), dossierId)
    const reader = await openTypist(cluster.at(there, admin), dossierId)
    standAt(writer, 'Somebody Else')
    const state = await caretOf(reader, writer)
    expect(state.user).toEqual({ memberId: visitor.memberId, name: expect.stringContaining('Corsten'), colour: expect.any(Number) })
    expect(state.cursor).toMatchObject({ anchor: { tname: noteField } })
    const later = await openTypist(cluster.at(there, admin), dossierId)
    await caretOf(later, writer)
    writer.session.destroy()
    await gone(reader, writer)
    for (const { session } of [reader, later]) session.destroy()
  })

  it('L5 whoever is on a node that stands still is gone, and back when it goes on; a new primary changes nothing', async () => {
    visitor.socket.emit('whereabouts', { dossierId, place: 'summary' })
    await watcher.until('the adviser is there', (screen) => isThere(screen, 'summary'), 20_000)
    here.signal('SIGSTOP')
    await watcher.until('nobody is there', ({ presence }) => presence.get(dossierId)?.length === 0, 30_000)
    here.signal('SIGCONT')
    await watcher.until('the adviser is back', (screen) => isThere(screen, 'summary'), 30_000)
    const heal = await cluster.strike('stepDown')
    visitor.socket.emit('whereabouts', { dossierId, place: 'history' })
    await watcher.until('the adviser is elsewhere in it', (screen) => isThere(screen, 'history'), 30_000)
    await heal()
  })

  it('L5 where a node dies whoever was on it is gone from the others', async () => {
    const writer = await openTypist(cluster.at(here, adviser), dossierId)
    const reader = await openTypist(cluster.at(there, admin), dossierId)
    standAt(writer, 'Somebody Else')
    visitor.socket.emit('whereabouts', { dossierId, place: 'note' })
    await Promise.all([caretOf(reader, writer), watcher.until('the adviser is there', (screen) => isThere(screen, 'note'), 20_000)])
    await here.kill()
    await Promise.all([
      gone(reader, writer),
      watcher.until('nobody is there', ({ presence }) => presence.get(dossierId)?.length === 0, 30_000),
    ])
    for (const { session } of [writer, reader]) session.destroy()
  })
})

/** Puts a typist's caret at the beginning, and says another name with it. */
function standAt({ session }: Typist, name: string): void {
  const position = Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(session.doc!.getXmlFragment(noteField), 0))
  session.provider!.awareness.setLocalState({ cursor: { anchor: position, head: position }, user: { name } })
}

/** What is shown to one of the caret of another, as soon as it is. */
function caretOf(reader: Typist, writer: Typist): Promise<WriterState> {
  return shown(reader, writer, (state): state is WriterState => state?.cursor != null)
}

function gone(reader: Typist, writer: Typist): Promise<undefined> {
  return shown(reader, writer, (state): state is undefined => state === undefined)
}

function shown<T>(
  reader: Typist,
  writer: Typist,
  isSo: (state: WriterState | undefined) => state is T & (WriterState | undefined),
): Promise<T> {
  const { awareness } = reader.session.provider!
  return new Promise((resolve) => {
    const look = () => {
      const state = awareness.getStates().get(writer.session.doc!.clientID) as WriterState | undefined
      if (!isSo(state)) return
      awareness.off('change', look)
      resolve(state)
    }
    awareness.on('change', look)
    look()
  })
}
