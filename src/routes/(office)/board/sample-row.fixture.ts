import type { DossierRow } from '#shared/contracts/dossier.ts'

let rows = 0

/** An open dossier for tests: each with an id and a number of its own, everything else overridable. */
export function sampleRow(fields: Partial<DossierRow> = {}): DossierRow {
  const n = ++rows
  return {
    id: `dossier-${String(n).padStart(8, '0')}`,
    at: 1,
    number: `2026-${String(n).padStart(5, '0')}`,
    clientId: 'client-00000001',
    clientName: 'Ana Berger',
    partnerName: '',
    title: 'First home',
    kind: 'mortgage',
    ownerId: 'owner-ana-000001',
    divisionId: null,
    readerIds: [],
    status: 'prospect',
    stageId: 'stage-created-1',
    stageSince: 0,
    amount: 100_00,
    createdOn: '2026-01-01',
    changedAt: 0,
    ...fields,
  }
}
