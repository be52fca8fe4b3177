import writeXlsxFile, { type CellObject, type Row } from 'write-excel-file/node'
import type { Dossier } from '#shared/contracts/dossier.ts'
import type { Cell, ExportColumn } from './columns.ts'

/** S4.16: dossiers as an XLSX file: amounts are numbers, dates dates, and text is text, whatever it looks like. */
export async function xlsxFile(columns: readonly ExportColumn[], dossiers: readonly Dossier[]): Promise<Uint8Array> {
  const head: Row = columns.map(({ heading }) => ({ value: heading, type: String, fontWeight: 'bold' }))
  const body = dossiers.map((dossier): Row => columns.map(({ cell }) => typed(cell(dossier))))
  const widths = columns.map(({ heading }) => ({ width: Math.max(12, heading.length + 2) }))
  return writeXlsxFile([head, ...body], { sheet: 'dossiers', stickyRowsCount: 1, columns: widths }).toBuffer()
}

function typed(cell: Cell): CellObject | null {
  if (cell === null) return null
  if ('date' in cell) return { value: new Date(`${cell.date}T00:00:00Z`), type: Date, format: 'yyyy-mm-dd' }
  if ('cents' in cell) return { value: cell.cents / 100, type: Number, format: '#,##0.00' }
  return { value: xmlText(cell.text), type: String }
}

/** What XML cannot hold becomes the sign for it, and `_x0041_` stays what it is instead of becoming a letter. */
function xmlText(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\P{Cc}\t\n\r]|[\uFFFE\uFFFF]/gu, '\uFFFD')
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
}
