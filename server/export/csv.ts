import type { Dossier } from '#shared/contracts/dossier.ts'
import { defused } from '#shared/domain/formula.ts'
import type { Cell, ExportColumn } from './columns.ts'

/** UTF-8, with the mark by which spreadsheets know it. */
const byteOrderMark = '\uFEFF'

/** S4.16: dossiers as a CSV file: cells quoted where needed, formulas defused, lines ended as RFC 4180 has it. */
export function csvFile(columns: readonly ExportColumn[], dossiers: readonly Dossier[]): Uint8Array {
  const lines = [columns.map(({ heading }) => heading), ...dossiers.map((dossier) => columns.map(({ cell }) => written(cell(dossier))))]
  return new TextEncoder().encode(byteOrderMark + lines.map((cells) => `${cells.join(',')}\r\n`).join(''))
}

function written(cell: Cell): string {
  if (cell === null) return ''
  if ('date' in cell) return cell.date
  return 'cents' in cell ? amountText(cell.cents) : quoted(defused(cell.text))
}

/** Plain digits, and a point where there are cents: `571000`, `1200.50`. */
export function amountText(cents: number): string {
  const rest = cents % 100
  const units = String((cents - rest) / 100)
  return rest === 0 ? units : `${units}.${String(rest).padStart(2, '0')}`
}

function quoted(text: string): string {
  return /[",;\r\n\t]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
