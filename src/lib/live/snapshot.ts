import type { DossierRow } from '#shared/contracts/dossier.ts'
import type { Columns, WorkspaceManifest } from '#shared/contracts/workspace.ts'
import { ApiError, fetchJson } from './fetch-json.ts'

export interface Snapshot {
  manifest: WorkspaceManifest
  rows: Map<string, DossierRow>
}

/** Fetches the opening snapshot: the manifest, its chunks side by side, and on top what is newer than they are. */
export async function fetchSnapshot(): Promise<Snapshot> {
  const named = await fetchJson<WorkspaceManifest>('/api/v1/workspace')
  const chunks = await Promise.all(named.chunks.map(({ key, at }) => fetchChunk(key, at)))
  const isMixed = named.chunks.some(({ at }, i) => chunks[i]?.at !== at)
  const manifest = isMixed ? await fetchOver(chunks.map(({ at }) => at)) : named
  const rows = new Map<string, DossierRow>()
  for (const { columns } of chunks) for (const row of rowsOfColumns(columns)) rows.set(row.id, row)
  for (const row of manifest.rows) rows.set(row.id, row)
  for (const id of manifest.gone) rows.delete(id)
  return { manifest, rows }
}

/** A chunk with the number it stands at: not the one asked for where another node answers than named it. */
async function fetchChunk(key: string, named: number): Promise<{ at: number; columns: Columns }> {
  const response = await fetch(`/api/v1/workspace/chunks/${key}/${named}`, { headers: { accept: 'application/json' } })
  if (!response.ok) throw new ApiError(response.status, null)
  return { at: Number(response.headers.get('stands-at')), columns: (await response.json()) as Columns }
}

/** What goes on top of chunks that stand at these numbers. */
async function fetchOver(numbers: readonly number[]): Promise<WorkspaceManifest> {
  const manifest = await fetchJson<WorkspaceManifest>(`/api/v1/workspace?over=${Math.min(...numbers)}`)
  // what moved between divisions after it would be in none of the chunks
  if (manifest.at < Math.max(...numbers)) throw new Error('a node is behind what another one has told')
  return manifest
}

function* rowsOfColumns(c: Columns): Generator<DossierRow> {
  for (let i = 0; i < c.id.length; i++) {
    // every column has one entry a row, so each index is there
    yield {
      id: c.id[i]!,
      at: c.at[i]!,
      number: c.number[i]!,
      clientId: c.clientId[i]!,
      clientName: c.clientName[i]!,
      partnerName: c.partnerName[i]!,
      title: c.title[i]!,
      kind: c.kind[i] ?? null,
      ownerId: c.ownerId[i] ?? null,
      divisionId: c.divisionId[i] ?? null,
      readerIds: c.readerIds[i] ?? [],
      status: c.status[i]!,
      stageId: c.stageId[i]!,
      stageSince: c.stageSince[i]!,
      amount: c.amount[i] ?? null,
      createdOn: c.createdOn[i]!,
      changedAt: c.changedAt[i]!,
    }
  }
}
