import { NoteGrant } from '#shared/contracts/notes-wire.ts'
import type { Id } from '#shared/contracts/ids.ts'

/**
 * Asks for the grant that opens a text, with so many client ids ahead. Null: refused for good. Throws where there is no answer, or none
 * that is final: to be asked again.
 */
export type AskForGrant = (signal: AbortSignal, ahead: number) => Promise<NoteGrant | null>

/** The grant of a dossier's internal note, asked by `request`. */
export function grantOfNote(dossierId: Id, request: typeof fetch): AskForGrant {
  return async (signal, ahead) => {
    const answer = await postForGrant(`/api/v1/dossiers/${dossierId}/note/grant?ahead=${ahead}`, request, signal)
    return answer === null ? null : NoteGrant.parse(answer)
  }
}

/** POSTs to a door of grants; resolves and throws as `AskForGrant` does, with the answer as it came. */
export async function postForGrant(path: string, request: typeof fetch, signal?: AbortSignal): Promise<unknown> {
  const asked = { method: 'POST', headers: { accept: 'application/json' }, credentials: 'same-origin', ...(signal && { signal }) } as const
  const response = await request(path, asked)
  if (response.ok) return response.json()
  const isFinal = response.status >= 400 && response.status < 500 && response.status !== 408 && response.status !== 429
  if (isFinal) return null
  throw new Error(`no grant: ${response.status}`)
}
