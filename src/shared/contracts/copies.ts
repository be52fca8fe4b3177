import { z } from 'zod'
import { Id } from './ids.ts'

/** `POST /api/v1/dossiers/<id>/copy`: a browser asks for the key under which it keeps its copy. `device`: the id it gave itself. */
export const AskCopyKey = z.strictObject({ device: Id })

/** Bound to this member, browser and dossier, until it is withdrawn. */
export const HandedCopyKey = z.object({
  officeId: Id,
  memberId: Id,
  /** By this the browser asks later whether the key still stands. */
  id: Id,
  /** 256 bits for AES-GCM, in base64. */
  secret: z.base64(),
})
export type HandedCopyKey = z.infer<typeof HandedCopyKey>

/** How many keys are asked about at once. */
export const mostKeysAsked = 400

/**
 * `POST /api/v1/copies/standing`: which of its keys still stand. Open to who is not signed in, so that also a browser whose session ended
 * learns what it has to erase; the ids of the keys are what nobody else knows.
 */
export const AskStanding = z.strictObject({ officeId: Id, memberId: Id, device: Id, keys: z.array(Id).max(mostKeysAsked) })
export type AskStanding = z.infer<typeof AskStanding>

export const Standing = z.object({ standing: z.array(Id) })
export type Standing = z.infer<typeof Standing>

/** How many client ids are handed out ahead for one text, at most. */
export const mostAhead = 8
