import { parentPort, workerData } from 'node:worker_threads'
import * as decoding from 'lib0/decoding'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import { decodeFrame, encodeFrame, encodeOpen } from '#shared/contracts/notes-frame.ts'
import { kind, NoteGrant, noteSchema } from '#shared/contracts/notes-wire.ts'
import { textFieldOf } from '../harness/text-field.ts'
import { diceFrom } from './dice.ts'
import { anyFrame, sync, type Target } from './fuzz-frames.ts'
import { writeVictimNote } from './victim-note.ts'

/** What is asked of an attacker, who runs beside the server's thread. */
export interface Attack {
  port: number
  memberId: string
  notes: readonly string[]
  framesANote: number
  seed: number
}

const { port, memberId, notes, framesANote, seed } = workerData as Attack
const headers = { cookie: `member=${memberId}`, origin: 'http://localhost' }
const dice = diceFrom(seed)
const [channels, atOnce] = [12, 25]
/** A channel that is never opened: what is said about it comes back at once. */
const nowhere = 99

for (const note of notes) {
  await attack(note)
  parentPort?.postMessage(note)
}

async function grant(note: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/dossiers/${note}/note/grant`, { method: 'POST', headers })
  return NoteGrant.parse(await response.json()).clientId
}

/** Sends frames in bursts over one socket after another: the server ends those on which it hears what is no frame. */
async function attack(note: string): Promise<void> {
  const [victim, own] = [await grant(note), await grant(note)]
  const doc = new Y.Doc()
  const eye = await watch(note, victim, doc)
  const target: Target = { doc, own, victim, foreign: [victim, 1, 1_000_000], note, field: textFieldOf(note) }
  const open = encodeOpen({ note, epoch: 1, schema: noteSchema, clientId: own })
  let socket = await connect()
  for (let sent = 0; sent < framesANote; sent += atOnce) {
    if (socket.readyState !== socket.OPEN) socket = await connect()
    for (let channel = 1; channel <= channels; channel++) socket.send(encodeFrame(channel, kind.open, open))
    await heard(socket)
    for (let i = 0; i < atOnce; i++) socket.send(anyFrame(target, dice, channels))
    await heard(socket)
  }
  socket.terminate()
  eye.terminate()
}

function connect(): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/notes`, { headers })
  socket.on('error', () => {})
  return new Promise((resolve) => socket.once('open', () => resolve(socket)))
}

/** Resolves when the server has dealt with what was sent before, or has ended the socket. */
function heard(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      socket.off('message', look)
      socket.off('close', end)
      resolve()
    }
    const look = (data: Buffer) => {
      if (decodeFrame(new Uint8Array(data))?.channel === nowhere) end()
    }
    if (socket.readyState !== socket.OPEN) return resolve()
    socket.on('message', look)
    socket.on('close', end)
    socket.send(encodeFrame(nowhere, kind.open, new Uint8Array()))
  })
}

/** Follows the note through a socket of its own, so that what is sent has something to build on. */
async function watch(note: string, clientId: number, doc: Y.Doc): Promise<WebSocket> {
  const socket = await connect()
  socket.on('message', (data: Buffer) => {
    const frame = decodeFrame(new Uint8Array(data))
    if (frame?.kind !== kind.data) return
    const decoder = decoding.createDecoder(frame.payload)
    if (decoding.readVarUint(decoder) !== 0 || decoding.readVarUint(decoder) === 0) return
    Y.applyUpdate(doc, decoding.readVarUint8Array(decoder), socket)
  })
  socket.send(encodeFrame(1, kind.open, encodeOpen({ note, epoch: 1, schema: noteSchema, clientId })))
  await heard(socket)
  socket.send(encodeFrame(1, kind.data, sync(0, Y.encodeStateVector(doc))))
  await heard(socket)
  doc.clientID = clientId
  doc.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin !== socket) socket.send(encodeFrame(1, kind.data, sync(2, update)))
  })
  writeVictimNote(doc, textFieldOf(note))
  // Yjs takes another id, and says so, when others write under its own
  doc.clientID = 2 ** 40
  await heard(socket)
  return socket
}
