import { afterAll, beforeAll, expect, it } from 'vitest'
import * as Y from 'yjs'
import type { Id } from '#shared/contracts/ids.ts'
import { noteField, type WriterState } from '#shared/contracts/notes-wire.ts'
import { newId } from '../../server/new-id.ts'
import { openMongoStore } from '../../server/store/mongo/open.ts'
import type { Screen, SignedIn } from '../harness/member.ts'
import { describeWithOwnMembers } from '../harness/replica-set.ts'
import { openTypist, storedText, type Typist, untilSaved } from '../harness/typist.ts'
import { Cluster } from './cluster.ts'
import type { NodeProcess } from './node-process.ts'

/** How long the node stands still, in milliseconds; `STALL_MS` in the soak. */
const stallMs = Number(process.env['STALL_MS'] ?? 10_000)

let cluster: Cluster
let here: NodeProcess
let there: NodeProcess
let adviser: SignedIn
let admin: SignedIn
let manager: SignedIn
/** The adviser sits on one node, the admin on the other. */
let visitor: Screen
let watcher: Screen
let dossierId: Id

const isThere = (screen: Screen, place: string) =>
  screen.presence.get(dossierId)?.some((one) => one.memberId === visitor.memberId && one.place === place) ?? false

describeWithOwnMembers('two nodes, each a process that may stand still or end', () => {
  beforeAll(async () => {
    cluster = await Cluster.start(['adviser', 'admin', 'manager'])
    ;[here, there] = cluster.nodes as [NodeProcess, NodeProcess]
    ;[adviser, admin, manager] = cluster.members as [SignedIn, SignedIn, SignedIn]
    visitor = await cluster.at(here, adviser).open()
    watcher = await cluster.at(there, admin).open()
    dossierId = [...visitor.workspace.rows.values()].find(({ status }) => status === 'client')!.id
  }, 120_000)
  afterAll(async () => {
    for (const screen of [visitor, watcher]) screen?.close()
    await cluster?.stop()
  }, 60_000)

  it('L2 a node that stands still and goes on stores nothing by a right that was withdrawn meanwhile, and takes no number twice', async () => {
    const screen = await cluster.at(here, manager).open()
    const officeId = screen.frame.office.id
    const typist = await openTypist(cluster.at(here, manager), dossierId)
    write(typist.session.doc!, 'before')
    await untilSaved([typist])

    here.signal('SIGSTOP')
    const goesOn = new Promise((resolve) => setTimeout(resolve, stallMs)).then(() => here.signal('SIGCONT'))
    // both are on their way to a node that does not read them yet
    write(typist.session.doc!, 'meanwhile')
    const answer = screen.socket.emitWithAck('command', {
      id: newId(),
      seen: screen.at,
      command: { type: 'dossier.edit', dossierId, amount: 1 },
    })
    expect(await watcher.send({ type: 'member.changeRole', memberId: screen.memberId, role: 'viewer' })).toMatchObject({ ok: true })
    const { n: last } = (await watcher.send({ type: 'dossier.edit', dossierId, amount: 2 })) as { n: number }
    await goesOn

    expect(await answer).toMatchObject({ ok: false, refusal: { code: 'forbidden' } })
    await screen.until('it has caught up', ({ at }) => at >= last, 30_000)
    await expect.poll(() => typist.session.status.state, { timeout: 60_000, interval: 100 }).toBe('readonly')
    const store = await openMongoStore({ uri: cluster.mongodbUri, readOnly: true })
    const text = await storedText(store, officeId, dossierId)
    const numbers = (await store.events(officeId, 0, 10_000)).map(({ n }) => n)
    await store.close()
    expect(text).toContain('before')
    expect(text).not.toContain('meanwhile')
    expect(numbers).toEqual(Array.from({ length: last }, (_, i) => i + 1))
    typist.session.destroy()
    screen.close()
  }, 180_000)

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

function write(doc: Y.Doc, words: string): void {
  const paragraph = new Y.XmlElement('paragraph')
  paragraph.insert(0, [new Y.XmlText(words)])
  doc.getXmlFragment(noteField).push([paragraph])
}

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
