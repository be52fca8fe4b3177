import { CsvError, parse } from 'csv-parse/sync'
import type { FaultReason } from '#shared/contracts/import-fault.ts'
import { mendEncoding } from './mend-encoding.ts'

/** A file as it stands: its headings, and its rows with the lines they begin on. */
export interface Table {
  delimiter: string
  headings: string[]
  rows: { line: number; cells: string[] }[]
  /** Rows with more or fewer cells than there are headings. */
  uneven: { line: number; cells: string[] }[]
}

/** What is wrong with a file as a whole, and where. */
export interface TableProblem {
  reason: FaultReason
  line: number
  column: string | null
}

const mostColumns = 200
/** Of a heading, in letters: it is kept, and said again with each fault in its column. */
const longestHeading = 200
const mostRows = 200_000
const delimiters = [';', ',', '\t', '|'] as const

/** The delimiter that stands most often in the headings, outside quotes. */
export function guessDelimiter(text: string): string {
  const lines = text.slice(0, 65_536).split(/\r\n|\r|\n/)
  const head = (lines.find((line) => line.trim() !== '') ?? '').replace(/"[^"]*"/g, '')
  const count = (delimiter: string) => head.split(delimiter).length
  return delimiters.reduce<string>((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best), ',')
}

class TooMuch extends Error {
  readonly problem: TableProblem
  constructor(problem: TableProblem) {
    super(problem.reason)
    this.problem = problem
  }
}

/** Reads the text of a file. Blank lines are passed over; a byte order mark and the kind of line end do not matter. */
export function readTable(text: string): Table | TableProblem {
  const delimiter = guessDelimiter(text)
  const records: Table['rows'] = []
  let begins = 1
  try {
    // csv-parse counts a CRLF inside quotes as two lines
    parse(mendEncoding(text).replace(/\r\n?/g, '\n'), {
      bom: true,
      delimiter,
      record_delimiter: '\n',
      relax_column_count: true,
      on_record: (cells: string[], { lines }) => {
        if (cells.some((cell) => cell.trim() !== '')) records.push({ line: begins, cells })
        if (cells.length > mostColumns) throw new TooMuch({ reason: 'tooManyColumns', line: begins, column: null })
        if (records.length > mostRows) throw new TooMuch({ reason: 'tooManyRows', line: begins, column: null })
        begins = lines + 1
        return null
      },
    })
  } catch (error) {
    if (error instanceof TooMuch) return error.problem
    if (error instanceof CsvError) return { reason: 'notCsv', line: begins, column: null }
    throw error
  }
  const [head, ...rows] = records
  if (!head) return { reason: 'noHeadings', line: 1, column: null }
  const headings = head.cells.map((heading) => heading.trim())
  const long = headings.find((heading) => heading.length > longestHeading)
  if (long !== undefined) return { reason: 'tooLong', line: head.line, column: long.slice(0, longestHeading) }
  const twice = headings.find((heading, i) => heading !== '' && headings.indexOf(heading) !== i)
  if (twice !== undefined) return { reason: 'doubleColumn', line: head.line, column: twice }
  const isEven = ({ cells }: { cells: string[] }) => cells.length === headings.length
  return { delimiter, headings, rows: rows.filter(isEven), uneven: rows.filter((row) => !isEven(row)) }
}
