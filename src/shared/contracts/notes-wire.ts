import { z } from 'zod'
import { mostAhead } from './copies.ts'
import type { Id } from './ids.ts'
import { NoteId } from './note-id.ts'

/**
 * The `/notes` socket: one per tab, numbered channels, binary frames.
 * A frame is varUint channel · varUint kind · the rest of the bytes (payload); see `notes-frame.ts`.
 */
export const kind = {
  /** Client: payload = UTF-8 JSON `OpenChannel`. Server: the channel is open; one byte, see `access`. */
  open: 0,
  /** Either way: one y-protocols message (varUint type 0 sync, 1 awareness), V1 encoding. */
  data: 1,
  /** Client: empty. Server: varUint close code, then the reason in UTF-8. */
  close: 2,
  /** Server: varUint n: the first n sync frames (sub-type 1 or 2) of this channel are stored. */
  saved: 3,
  /** Client: the beginning of a message too large for one frame. More parts and at last a `data` follow at once, nothing in between. */
  part: 4,
  /** Server: empty: the kept states of the note are others now. */
  versions: 5,
} as const
export type Kind = (typeof kind)[keyof typeof kind]

/** What an open channel is for. */
export const access = {
  read: 0,
  write: 1,
  /** Only to read: the editor's schema is another version here. Load the page again to write. */
  outdated: 2,
} as const
export type Access = (typeof access)[keyof typeof access]

const ClientId = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

/** The client id of who opens a document to read alone: nothing is written under it. */
export const readerClient = 0

export const OpenChannel = z.strictObject({
  note: NoteId,
  epoch: z.number().int().min(1),
  /** The version of the schema that the sender's editor has. */
  schema: z.number().int().min(1),
  /** The client id this Y.Doc writes under, as granted; `readerClient`: it only reads. */
  clientId: ClientId,
})
export type OpenChannel = z.infer<typeof OpenChannel>

/** 4400-4499 are final, y-websocket does not retry; others it does. */
export const close = {
  noRight: 4401,
  rightWithdrawn: 4403,
  foreignClient: 4410,
  malformed: 4411,
  excess: 4413,
  /** The note was rebuilt: reload, keep what was typed. */
  otherEpoch: 4409,
  /** Come back: a gap, a failed commit, a failed load. */
  again: 4503,
  /** Of the whole socket: the server stops. The reason is after how many milliseconds to come back, by chance, so that not all come at once. */
  stopping: 4504,
} as const
export type CloseCode = (typeof close)[keyof typeof close]

/** Answer of `POST /api/v1/dossiers/<id>/note/grant`, before a Y.Doc exists. */
export const NoteGrant = z.object({
  note: NoteId,
  epoch: z.number().int().min(1),
  schema: z.number().int().min(1),
  /** Never used before in this note; bound to this member and note. Set on the Y.Doc before anything else. `readerClient`: read with it. */
  clientId: ClientId,
  mayWrite: z.boolean(),
  /** More of them, as many as were asked for: for documents that are made without a connection. */
  ahead: z.array(ClientId).max(mostAhead).optional(),
})
export type NoteGrant = z.infer<typeof NoteGrant>

/**
 * Version of the editor's schema, raised with every element, mark or attribute that it gains. A client of another version becomes
 * read-only: an editor deletes what it does not know.
 */
export const noteSchema = 2
/** The name of the Y.XmlFragment that holds the note's text. */
export const noteField = 'note'
/** Largest payload of a frame the server takes, in bytes. */
export const maxFrameBytes = 256 * 1024
/** Largest message, in bytes; it comes in parts where a frame does not hold it. As large as a note may grow: more could not be stored. */
export const maxMessageBytes = 8 * 1024 * 1024

/** Awareness state of one writer. `cursor` is the client's, the rest is stamped by the server. */
export interface WriterState {
  cursor?: unknown
  user?: { memberId: Id; name: string; colour: number }
}
