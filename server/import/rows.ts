import { undefused } from '#shared/domain/formula.ts'
import type { Fault } from '#shared/contracts/import-fault.ts'
import type { ImportFile } from '#shared/contracts/import.ts'
import type { DateOrder } from '#shared/contracts/import-job.ts'
import { importFields } from './fields.ts'
import { guessDates, isoDate, plainAmount } from './normal.ts'
import type { CsvRow } from './read-csv.ts'
import type { Table } from './table.ts'

/** The order that the dates of these columns are written in. */
export function datesOf(file: ImportFile, table: Table, mapping: Readonly<Record<string, number>>): Exclude<DateOrder, 'auto'> {
  const columns = importFields[file].flatMap(({ name, form }) => (form === 'date' && mapping[name] !== undefined ? [mapping[name]] : []))
  return guessDates(table.rows.flatMap(({ cells }) => columns.map((column) => cells[column] ?? '')))
}

/** The rows of a file under the names of the fields, dates and amounts in the plain form. */
export function rowsOf(
  file: ImportFile,
  table: Table,
  mapping: Readonly<Record<string, number>>,
  dates: Exclude<DateOrder, 'auto'>,
): CsvRow[] {
  const fields = importFields[file].flatMap((field) =>
    mapping[field.name] === undefined ? [] : [{ ...field, column: mapping[field.name] ?? 0 }],
  )
  return table.rows.map(({ line, cells }) => ({
    line,
    cells: Object.fromEntries(
      fields.map(({ name, form, column }) => {
        const cell = undefused(cells[column] ?? '')
        return [name, form === 'date' ? isoDate(cell, dates) : form === 'amount' ? plainAmount(cell) : cell]
      }),
    ),
  }))
}

/** A fault as the file's author finds it: under the heading of their column, with what stands there. */
export function asInFile(
  fault: Fault,
  table: Table,
  byLine: ReadonlyMap<number, string[]>,
  mapping: Readonly<Record<string, number>>,
): Fault {
  const column = fault.column === null ? undefined : mapping[fault.column]
  if (column === undefined) return fault
  return { ...fault, column: table.headings[column] ?? fault.column, value: (byLine.get(fault.line)?.[column] ?? '').slice(0, 200) }
}

const faultsHeading = 'faults'

/** The faulty rows as they came, with what is wrong with each in a column more; formulas defused. */
export function faultyRows(table: Table, faults: readonly Fault[], defused: (text: string) => string): string {
  const byLine = Map.groupBy(faults, ({ line }) => line)
  // a file of faulty rows that comes again
  const before = table.headings.indexOf(faultsHeading)
  const without = (cells: readonly string[]) => cells.filter((_, i) => i !== before)
  const written = (cells: readonly string[]) => cells.map((cell) => quoted(defused(cell), table.delimiter)).join(table.delimiter)
  const rows = [...table.rows, ...table.uneven].filter(({ line }) => byLine.has(line)).sort((a, b) => a.line - b.line)
  const told = (line: number) => (byLine.get(line) ?? []).map(({ column, reason }) => (column ? `${column}: ${reason}` : reason)).join('; ')
  const lines = [
    written([...without(table.headings), faultsHeading]),
    ...rows.map(({ line, cells }) => written([...without(cells), told(line)])),
  ]
  return `\uFEFF${lines.map((line) => `${line}\r\n`).join('')}`
}

function quoted(text: string, delimiter: string): string {
  return text.includes(delimiter) || /["\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
