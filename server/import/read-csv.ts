import { CsvError, parse } from 'csv-parse/sync'
import type { Fault } from '#shared/contracts/import-fault.ts'
import type { ImportFile } from '#shared/contracts/import.ts'
import { undefused } from '#shared/domain/formula.ts'
import { mendEncoding } from './mend-encoding.ts'

/** One record of a file: the line it begins on, and its cells by heading. */
export interface CsvRow {
  line: number
  cells: Readonly<Record<string, string>>
}

interface CsvRecord {
  line: number
  cells: string[]
}

/**
 * Text of a CSV file to rows with line numbers. Blank lines are passed over, a byte order mark and the kind of line end do not matter,
 * columns that nobody asked for are ignored, an apostrophe that an export put before a formula (S4.16) is taken off. `columns` are the headings that must be there.
 */
export function readCsv(file: ImportFile, text: string, columns: readonly string[], delimiter = ','): { rows: CsvRow[]; faults: Fault[] } {
  const { records, broken } = recordsOf(text, delimiter)
  if (broken !== null) return { rows: [], faults: [{ file, line: broken, column: null, reason: 'notCsv', value: '' }] }
  const [head, ...body] = records
  if (!head) return { rows: [], faults: [{ file, line: 1, column: null, reason: 'noHeadings', value: '' }] }
  const headings = head.cells.map((heading) => heading.trim())
  const inHead = headingFaults(file, head.line, headings, columns)
  if (inHead.length > 0) return { rows: [], faults: inHead }
  const uneven = body.filter(({ cells }) => cells.length !== headings.length)
  return {
    rows: body.map(({ line, cells }) => ({
      line,
      cells: Object.fromEntries(headings.map((heading, i) => [heading, undefused(cells[i] ?? '')])),
    })),
    faults: uneven.map(({ line, cells }) => ({ file, line, column: null, reason: 'wrongCellCount', value: String(cells.length) })),
  }
}

/** The records that are not blank; `broken`: the line where the record begins that is no CSV, for example an open quote. */
function recordsOf(text: string, delimiter: string): { records: CsvRecord[]; broken: number | null } {
  const records: CsvRecord[] = []
  let begins = 1
  // csv-parse counts a CRLF inside quotes as two lines
  const oneLineEnd = mendEncoding(text).replace(/\r\n?/g, '\n')
  try {
    parse(oneLineEnd, {
      bom: true,
      delimiter,
      record_delimiter: '\n',
      relax_column_count: true,
      on_record: (cells: string[], { lines }) => {
        if (cells.some((cell) => cell.trim() !== '')) records.push({ line: begins, cells })
        begins = lines + 1
        return null
      },
    })
  } catch (error) {
    if (error instanceof CsvError) return { records: [], broken: begins }
    throw error
  }
  return { records, broken: null }
}

function headingFaults(file: ImportFile, line: number, headings: readonly string[], columns: readonly string[]): Fault[] {
  const missing = columns.filter((column) => !headings.includes(column))
  const double = columns.filter((column) => headings.indexOf(column) !== headings.lastIndexOf(column))
  return [
    ...missing.map((column) => ({ file, line, column, reason: 'missingColumn' as const, value: '' })),
    ...double.map((column) => ({ file, line, column, reason: 'doubleColumn' as const, value: column })),
  ]
}
