import { NoteGrant } from '#shared/contracts/notes-wire.ts'
import type { Id } from '#shared/contracts/ids.ts'

/**
 * Asks for the grant that opens a note. Null: refused for good. Throws where there is no answer, or none that is final:
 * to be asked again.
 */
export async function fetchGrant(dossierId: Id, request: typeof fetch, signal: AbortSignal): Promise<NoteGrant | null> {
  const response = await request(`/api/v1/dossiers/${dossierId}/note/grant`, {
    method: 'POST',
    headers: { accept: 'application/json' },
    credentials: 'same-origin',
    signal,
  })
  if (response.ok) return NoteGrant.parse(await response.json())
  const isFinal = response.status >= 400 && response.status < 500 && response.status !== 408 && response.status !== 429
  if (isFinal) return null
  throw new Error(`no grant: ${response.status}`)
}
