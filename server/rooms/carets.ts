import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { decodeUtf8 } from 'lib0/string'
import { z } from 'zod'
import { isCommentField } from '#shared/contracts/comment.ts'
import { noteField, type WriterState } from '#shared/contracts/notes-wire.ts'

/** Largest state taken, in bytes of JSON; a larger one is passed over. */
const maxStateBytes = 2_048

const StructId = z.object({ client: z.number().int().nonnegative(), clock: z.number().int().nonnegative() })

/** A `Y.RelativePosition`: beside an item, or at the end of a type. Any other makes the editors of all others throw. */
const Position = z
  .object({
    type: StructId.nullish(),
    tname: z
      .string()
      .refine((name) => name === noteField || isCommentField(name))
      .nullish(),
    item: StructId.nullish(),
    assoc: z.number().int().nullish(),
  })
  // Yjs names the type also where it names an item
  .refine(({ type, tname, item }) => (type || tname || item) && !(type && tname))

const Caret = z.object({ anchor: Position, head: Position })
/** Where a caret stands; null: it is not in the text. */
export type Caret = z.infer<typeof Caret> | null

/** Who somebody is, as the server says: nothing of it is taken from the client. */
export type Person = NonNullable<WriterState['user']>

interface Shown<Owner> {
  owner: Owner
  clock: number
  state: WriterState
}

/**
 * Who is in a note and where, by client id. Clocks are given here, above all that were given before, also before a restart:
 * a client that comes back with its old clock would not be shown for 15 s, for the others remember that it left.
 */
export class Carets<Owner> {
  readonly #states = new Map<number, Shown<Owner>>()
  readonly #now: () => number
  #clock = 0

  /** @param now milliseconds since 1970 */
  constructor(now: () => number) {
    this.#now = now
  }

  /** Takes what a client says about itself. Returns the awareness update that the others get. */
  take(owner: Owner, clientId: number, person: Person, said: { cursor: Caret | undefined }): Uint8Array {
    return this.put(owner, clientId, said.cursor === undefined ? { user: person } : { cursor: said.cursor, user: person })
  }

  /** The same of a state that is whole. */
  put(owner: Owner, clientId: number, state: WriterState): Uint8Array {
    this.#states.set(clientId, { owner, clock: this.#nextClock(), state })
    return this.#encode([clientId])
  }

  /** Takes a client off. Null where it is not there, or has come back under another owner. */
  leave(owner: Owner, clientId: number): Uint8Array | null {
    if (this.#states.get(clientId)?.owner !== owner) return null
    this.#states.delete(clientId)
    return encodeEntries([{ clientId, clock: this.#nextClock(), state: null }])
  }

  /** What is shown of a client; null where it is not there. */
  stateOf(clientId: number): WriterState | null {
    return this.#states.get(clientId)?.state ?? null
  }

  /** Everybody but this client; null where there is nobody. */
  others(clientId: number): Uint8Array | null {
    const ids = [...this.#states.keys()].filter((id) => id !== clientId)
    return ids.length > 0 ? this.#encode(ids) : null
  }

  #nextClock(): number {
    this.#clock = Math.max(this.#clock + 1, this.#now())
    return this.#clock
  }

  #encode(ids: readonly number[]): Uint8Array {
    return encodeEntries(
      ids.flatMap((clientId) => {
        const caret = this.#states.get(clientId)
        return caret ? [{ clientId, clock: caret.clock, state: caret.state }] : []
      }),
    )
  }
}

function encodeEntries(entries: { clientId: number; clock: number; state: WriterState | null }[]): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, entries.length)
    for (const { clientId, clock, state } of entries) {
      encoding.writeVarUint(encoder, clientId)
      encoding.writeVarUint(encoder, clock)
      encoding.writeVarString(encoder, JSON.stringify(state))
    }
  })
}

/** An awareness update about nobody: data that keeps a client from taking the line for dead. */
export const nobody: Uint8Array = encodeEntries([])

/**
 * What a client says about itself in an awareness update: its caret (undefined where it names none, or none that is one). Entries of other
 * clients, which honest clients send back too, and all fields but the caret are passed over. Whoever says that they leave has no caret:
 * that somebody left is told when the channel closes.
 * Undefined: nothing about itself. Throws where malformed.
 */
export function ownState(update: Uint8Array, clientId: number): { cursor: Caret | undefined } | undefined {
  const decoder = decoding.createDecoder(update)
  let own: { cursor: Caret | undefined } | undefined
  for (let count = decoding.readVarUint(decoder); count > 0; count--) {
    const id = decoding.readVarUint(decoder)
    decoding.readVarUint(decoder)
    const json = decoding.readVarUint8Array(decoder)
    if (id === clientId && json.length <= maxStateBytes) own = { cursor: readCaret(JSON.parse(decodeUtf8(json))) }
  }
  return own
}

function readCaret(state: unknown): Caret | undefined {
  if (typeof state !== 'object' || state === null) return null
  return Caret.nullable().safeParse('cursor' in state ? state.cursor : undefined).data
}
