import * as Y from 'yjs'
import type { Id } from '#shared/contracts/ids.ts'
import type { NoteAuthors, NoteVersion, VersionKey } from '#shared/contracts/note-version.ts'
import { ApiError, fetchJson } from '$lib/live/fetch-json.ts'
import { Authors } from './note-authors.ts'

const base = (dossierId: Id): string => `/api/v1/dossiers/${dossierId}/note`

/** The kept versions of a dossier's note, newest first. Throws as `fetchJson` does; so do the others. */
export async function fetchVersions(dossierId: Id): Promise<NoteVersion[]> {
  const { versions } = await fetchJson<{ versions: NoteVersion[] }>(`${base(dossierId)}/versions`)
  return versions.reverse()
}

/** The text of a version, as a document of its own. */
export async function fetchVersion(dossierId: Id, { epoch, seq }: VersionKey): Promise<Y.Doc> {
  const response = await fetch(`${base(dossierId)}/versions/${epoch}/${seq}`)
  if (!response.ok) throw new ApiError(response.status, null)
  const doc = new Y.Doc()
  Y.applyUpdate(doc, new Uint8Array(await response.arrayBuffer()))
  return doc
}

/** Keeps the note as it is, or a version that is there, under this name. */
export function nameVersion(dossierId: Id, name: string, version?: VersionKey): Promise<VersionKey> {
  return fetchJson(`${base(dossierId)}/versions`, { name, ...(version && { version: { epoch: version.epoch, seq: version.seq } }) })
}

/** Who wrote and deleted what in the note. */
export async function fetchAuthors(dossierId: Id): Promise<Authors> {
  return new Authors(await fetchJson<NoteAuthors>(`${base(dossierId)}/authors`))
}
