import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ClientRow } from './clients.ts'
import { DossierRow } from './dossiers.ts'
import { MemberRow } from './members.ts'
import { planImport } from './plan.ts'
import { countingIds, emptyFrame, n } from './small-office.fixture.ts'

const plan = (files: { members?: string; clients?: string; dossiers?: string }) =>
  planImport({ frame: emptyFrame(), newId: countingIds(), n, ...files })

/** Rows of anything, or of what stands in such files, under the right headings. */
function fileOf(shape: Record<string, unknown>) {
  const columns = Object.keys(shape)
  const cell = fc.oneof(
    fc.string({ unit: 'binary' }).map((text) => `"${text.replaceAll('"', '""')}"`),
    fc.constantFrom(
      '',
      'K1',
      'bo@office.example',
      'adviser',
      'client',
      'closed',
      'Dossier closed',
      'en',
      'no',
      '2026-02-03',
      'Autre',
      '5',
      'x:y:z',
    ),
  )
  const row = fc.array(cell, { minLength: columns.length, maxLength: columns.length }).map((cells) => cells.join(','))
  const rows = fc.array(row, { maxLength: 4 }).map((lines) => [columns.join(','), ...lines].join('\n'))
  return fc.oneof({ weight: 4, arbitrary: rows }, { weight: 1, arbitrary: fc.string({ unit: 'binary' }) })
}

it('whatever is in the files, there is a plan or there are faults, each at a line of its file', () => {
  const files = fc.record({ members: fileOf(MemberRow.shape), clients: fileOf(ClientRow.shape), dossiers: fileOf(DossierRow.shape) })
  fc.assert(
    fc.property(files, (texts) => {
      const result = plan(texts)
      if (result.ok) return
      expect(result.faults.length).toBeGreaterThan(0)
      for (const { file, line } of result.faults) {
        expect(line).toBeGreaterThanOrEqual(1)
        expect(line).toBeLessThanOrEqual(texts[file].split(/\r\n?|\n/).length)
      }
    }),
    { numRuns: 300 },
  )
})

it('no files are a plan of nothing', () => {
  const result = plan({})
  expect(result.ok && [result.puts, result.event, result.frame]).toEqual([
    [],
    { type: 'dossier.imported', clients: 0, dossierIds: [] },
    emptyFrame(),
  ])
})
