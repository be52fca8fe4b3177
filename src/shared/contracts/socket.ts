import { z } from 'zod'
import type { Answer } from './commands.ts'
import { Id } from './ids.ts'
import type { CatchUp, Delivery } from './workspace.ts'

/** Where in a dossier somebody is (L5). */
export const Place = z.enum(['summary', 'note', 'comments', 'history'])
export type Place = z.infer<typeof Place>

export const Whereabouts = z.strictObject({ dossierId: Id, place: Place }).nullable()
export type Whereabouts = z.infer<typeof Whereabouts>

/** Who is on a dossier now; an empty list: nobody any more. */
export interface Presence {
  dossierId: Id
  people: { memberId: Id; place: Place }[]
}

export interface ServerToClient {
  delivery: (delivery: Delivery) => void
  presence: (changes: Presence[]) => void
  /** The session ended or the member was deactivated: back to the sign-in. */
  signedOut: () => void
  /** The server stops: come back after this many milliseconds, which are by chance, so that not all come at once. */
  comeBack: (afterMs: number) => void
}

export interface ClientToServer {
  /** `envelope` is parsed by `Envelope`; the answer comes after it is stored. */
  command: (envelope: unknown, answer: (answer: Answer) => void) => void
  /** After which number? Also starts the deliveries: nothing is sent before the first call. */
  catchUp: (since: unknown, answer: (caught: CatchUp) => void) => void
  whereabouts: (at: unknown) => void
}
/** Whom a stopping server sends away comes back within so many milliseconds. */
export const longestComeBackMs = 5_000

export const Since = z.number().int().nonnegative()
