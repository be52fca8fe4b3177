import { WebSocket } from 'ws'
import * as Y from 'yjs'
import type { Id } from '#shared/contracts/ids.ts'
import { CommentGrantsAnswer } from '#shared/contracts/answers/comment.ts'
import { partsOf } from '#shared/contracts/note-id.ts'
import type { NoteGrant } from '#shared/contracts/notes-wire.ts'
import type { Store } from '../../server/store/store.ts'
import { NoteSession } from '../../src/lib/notes/note-session.ts'
import { NotesSocket, type RawSocket } from '../../src/lib/notes/notes-socket.ts'
import type { SignedIn } from './member.ts'
import { textFieldOf } from './text-field.ts'

/** Somebody typing in a note, as the browser's own code does. */
export interface Typist {
  session: NoteSession
  /** Of a note; of comments, the id of their document. */
  dossierId: Id
  /** Own clock up to which the footer said "saved". */
  savedClock: number
  /** Clocks of others' words as they were on this screen. */
  seenClocks: Map<number, number>
  typed: number
  /** How often it was told that the kept versions are others. */
  versionsTold: number
}

const headersOf = (member: SignedIn) => ({ cookie: member.cookie, origin: member.origin })

/** A tab's one line to `/notes`. */
export function notesSocketOf(member: SignedIn): NotesSocket {
  return new NotesSocket({
    url: () => `${member.url.replace('http', 'ws')}/notes`,
    connect: (url) => new WebSocket(url, { headers: headersOf(member) }) as unknown as RawSocket,
    network: null,
  })
}

/** Opens a note, or the member's own comments on a dossier; resolves when its text is there. `socket`: of the tab it is open in; absent: one of its own. */
export async function openTypist(member: SignedIn, dossierId: Id, socket = notesSocketOf(member)): Promise<Typist> {
  const headers = headersOf(member)
  const opened = Promise.withResolvers<void>()
  const isNote = partsOf(dossierId).authorId === null
  const session = new NoteSession(dossierId, {
    socket,
    ...(!isNote && { grant: () => grantOfComments(member, dossierId) }),
    request: (path, init) =>
      fetch(`${member.url}${String(path)}`, { ...init, headers: { ...headers, ...Object.fromEntries(new Headers(init?.headers)) } }),
    retryMs: { first: 20, longest: 200 },
    onVersions: () => typist.versionsTold++,
    onChange: () => {
      const { state, hasUnsaved } = session.status
      if (session.doc && (state === 'saved' || state === 'unsaved')) opened.resolve()
      if (session.doc && state === 'saved' && !hasUnsaved) typist.savedClock = Y.getState(session.doc.store, session.doc.clientID)
    },
    onDenied: () => opened.reject(new Error('the note was denied')),
  })
  const typist: Typist = { session, dossierId, savedClock: 0, seenClocks: new Map(), typed: 0, versionsTold: 0 }
  await opened.promise
  return typist
}

async function grantOfComments(member: SignedIn, note: Id): Promise<NoteGrant | null> {
  const response = await member.post(`/api/v1/dossiers/${partsOf(note).dossierId}/comments/grants`, {})
  if (!response.ok) throw new Error(`no grant: ${response.status}`)
  const { grants } = CommentGrantsAnswer.parse(await response.json())
  return grants.find((grant) => grant.note === note) ?? null
}

export function type(typist: Typist, random: () => number): void {
  const { doc } = typist.session
  if (!doc) return
  typist.typed++
  doc.transact(() => {
    const fragment = doc.getXmlFragment(textFieldOf(typist.dossierId))
    const paragraph = fragment.length > 0 ? fragment.get(Math.floor(random() * fragment.length)) : null
    const words = paragraph instanceof Y.XmlElement && paragraph.length > 0 ? paragraph.get(0) : null
    if (words instanceof Y.XmlText && random() < 0.9)
      words.insert(Math.floor(random() * (words.length + 1)), 'abcdefghij'[typist.typed % 10]!)
    else {
      const line = new Y.XmlElement('paragraph')
      line.insert(0, [new Y.XmlText('line ')])
      fragment.insert(fragment.length, [line])
    }
  })
}

/** What stands on each typist's screen now: others' words that were seen, and own words called saved. */
export function snapshotClocks(typists: readonly Typist[]): Map<Id, Map<number, number>> {
  const clocks = new Map<Id, Map<number, number>>()
  for (const { session, dossierId, savedClock } of typists) {
    if (!session.doc) continue
    const must = clocks.get(dossierId) ?? new Map<number, number>()
    for (const [client, clock] of Y.decodeStateVector(Y.encodeStateVector(session.doc))) {
      const known = client === session.doc.clientID ? savedClock : clock
      must.set(client, Math.max(must.get(client) ?? 0, known))
    }
    clocks.set(dossierId, must)
  }
  return clocks
}

/** Has the stored note everything up to these clocks? What is missing, or in a bad order, goes into `faults`. */
export async function judgeNote(store: Store, officeId: Id, note: Id, must: Map<number, number>, faults: string[]): Promise<void> {
  const doc = new Y.Doc()
  const { snapshot, updates } = await store.note(officeId, note)
  if (snapshot) Y.applyUpdate(doc, snapshot.bytes)
  const first = (snapshot?.seq ?? 0) + 1
  updates.forEach(({ seq, bytes }, i) => {
    if (seq !== first + i) faults.push(`note ${note} goes to ${seq} at place ${first + i}`)
    Y.applyUpdate(doc, bytes)
  })
  if (doc.store.pendingStructs) faults.push(`note ${note} has updates whose predecessors are missing`)
  for (const [client, clock] of must) {
    const stored = Y.getState(doc.store, client)
    if (stored < clock) faults.push(`note ${note}: of client ${client} ${clock} were seen or called saved, ${stored} are stored`)
  }
  doc.destroy()
}

export async function untilSaved(typists: readonly Typist[]): Promise<void> {
  const deadline = Date.now() + 60_000
  while (typists.some((t) => t.session.status.state !== 'saved' || t.session.status.hasUnsaved)) {
    if (Date.now() > deadline) throw new Error(`not saved in the end: ${typists.map((t) => t.session.status.state).join()}`)
    await pause(20)
  }
}

/** Resolves when the note's line is up and nothing is lacking on it. */
export function synced({ session }: Typist): Promise<void> {
  const { provider } = session
  if (!provider || provider.synced) return Promise.resolve()
  return new Promise((resolve) => {
    const hear = (isSynced: boolean) => {
      if (!isSynced) return
      provider.off('sync', hear)
      resolve()
    }
    provider.on('sync', hear)
  })
}

/** The note's text as it is stored. */
export async function storedText(store: Store, officeId: Id, note: Id): Promise<string> {
  const { snapshot, updates } = await store.note(officeId, note)
  const doc = new Y.Doc()
  for (const { bytes } of snapshot ? [snapshot, ...updates] : updates) Y.applyUpdate(doc, bytes)
  return doc.getXmlFragment(textFieldOf(note)).toString()
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
