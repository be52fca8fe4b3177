import { WebSocket } from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import type { Id } from '#shared/contracts/ids.ts'
import { noteField, NoteGrant } from '#shared/contracts/notes-wire.ts'
import { channelClass } from '../../src/lib/notes/notes-channel.ts'
import { NotesSocket, type RawSocket } from '../../src/lib/notes/notes-socket.ts'
import { type Crowd, Sightings } from './crowd.ts'

// y-websocket listens for the end of the process once per document
process.setMaxListeners(500)

/** Somebody who has a note open. */
export interface Writer {
  doc: Y.Doc
  provider: WebsocketProvider
  close(): void
}

/** Tabs of our own server in one note, each with a line of its own, over the product's channel class. */
export async function ourWriters(url: string, cookies: readonly string[], note: Id, size: number): Promise<Crowd> {
  const writers: Writer[] = []
  for (let i = 0; i < size; i++) writers.push(await ourWriter(url, cookies[i % cookies.length] ?? '', note))
  return writersIn(writers)
}

/** A tab of our own server, with a line of its own. */
export async function ourWriter(url: string, cookie: string, note: Id): Promise<Writer> {
  const headers = { cookie, origin: url }
  const response = await fetch(`${url}/api/v1/dossiers/${note}/note/grant`, { method: 'POST', headers })
  const { epoch, schema, clientId } = NoteGrant.parse(await response.json())
  const socket = new NotesSocket({
    url: () => `${url.replace('http', 'ws')}/notes`,
    connect: (address) => new WebSocket(address, { headers }) as unknown as RawSocket,
    network: null,
  })
  const channel = channelClass(socket, () => ({ note, epoch, schema, clientId }))
  const writer = writerOn('ws://notes', note, channel, clientId)
  return {
    ...writer,
    close: () => {
      writer.close()
      socket.drop()
    },
  }
}

/** The same writers on a server of y-websocket's own kind. */
export async function relayWriters(url: string, note: string, size: number): Promise<Crowd> {
  const polyfill = WebSocket as unknown as typeof globalThis.WebSocket
  return writersIn(Array.from({ length: size }, () => writerOn(url.replace('http', 'ws'), note, polyfill)))
}

function writerOn(url: string, note: string, polyfill: typeof globalThis.WebSocket, clientId?: number): Writer {
  const doc = new Y.Doc()
  if (clientId !== undefined) doc.clientID = clientId
  const provider = new WebsocketProvider(url, note, doc, { WebSocketPolyfill: polyfill, disableBc: true })
  return {
    doc,
    provider,
    close: () => {
      provider.destroy()
      doc.destroy()
    },
  }
}

/** A keystroke is one letter at the end of the note's first paragraph, seen when it is in the other's document. */
export async function writersIn(writers: readonly Writer[]): Promise<Crowd> {
  await Promise.all(writers.map(({ provider }) => once(provider)))
  let awaited: { length: number; sightings: Sightings } | null = null
  for (const { doc, provider } of writers) {
    doc.on('update', (_update: Uint8Array, origin: unknown) => {
      if (origin === provider && awaited && lengthOf(doc) === awaited.length) awaited.sightings.seen()
    })
  }
  const act = async (sender: number, change: (doc: Y.Doc) => void): Promise<number[]> => {
    const doc = writers[sender]?.doc
    if (!doc) throw new RangeError(`there is no writer ${sender}`)
    const sightings = new Sightings(writers.length - 1)
    awaited = { length: lengthOf(doc) + 1, sightings }
    doc.transact(() => change(doc))
    return sightings.all()
  }
  await act(0, begin)
  return {
    size: writers.length,
    reach: (sender) => act(sender, (doc) => wordsOf(doc)?.insert(lengthOf(doc), 'a')),
    close: () => writers.forEach((writer) => writer.close()),
  }
}

/** A paragraph with its first letter. */
function begin(doc: Y.Doc): void {
  const words = wordsOf(doc)
  if (words) return words.insert(words.length, 'a')
  const paragraph = new Y.XmlElement('paragraph')
  paragraph.insert(0, [new Y.XmlText('a')])
  doc.getXmlFragment(noteField).insert(0, [paragraph])
}

function wordsOf(doc: Y.Doc): Y.XmlText | undefined {
  const paragraph = doc.getXmlFragment(noteField).get(0)
  const words = paragraph instanceof Y.XmlElement ? paragraph.get(0) : undefined
  return words instanceof Y.XmlText ? words : undefined
}

function lengthOf(doc: Y.Doc): number {
  return wordsOf(doc)?.length ?? 0
}

function once(provider: WebsocketProvider): Promise<void> {
  if (provider.synced) return Promise.resolve()
  return new Promise((resolve) => provider.once('sync', () => resolve()))
}
