import type { DossierRow } from '#shared/contracts/dossier.ts'
import type { Columns, WorkspaceManifest } from '#shared/contracts/workspace.ts'
import { fetchJson } from './fetch-json.ts'

export interface Snapshot {
  manifest: WorkspaceManifest
  rows: Map<string, DossierRow>
}

/** Fetches the opening snapshot: the manifest, its chunks side by side, and on top what is newer than they are. */
export async function fetchSnapshot(): Promise<Snapshot> {
  const manifest = await fetchJson<WorkspaceManifest>('/api/v1/workspace')
  const chunks = await Promise.all(manifest.chunks.map((c) => fetchJson<Columns>(`/api/v1/workspace/chunks/${c.key}/${c.at}`)))
  const rows = new Map<string, DossierRow>()
  for (const columns of chunks) for (const row of rowsOfColumns(columns)) rows.set(row.id, row)
  for (const row of manifest.rows) rows.set(row.id, row)
  for (const id of manifest.gone) rows.delete(id)
  return { manifest, rows }
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
