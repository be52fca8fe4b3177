import type { z } from 'zod'
import type { Fault, FaultReason } from '#shared/contracts/import-fault.ts'
import type { ImportFile } from '#shared/contracts/import.ts'
import type { CellFault } from './fault.ts'
import type { CsvRow } from './read-csv.ts'

const shownChars = 200

/** Judges what zod cannot see: cells against each other, other rows, other files, the office. Works on cells that may be faulty. */
export type Relate = (cells: CsvRow['cells']) => CellFault[]

/**
 * Rows to typed values: each cell by the schema, then each row by its relations. All faults of all rows are found in one go,
 * at most one a cell. `values` holds only rows without any, `lines` where they begin.
 */
export function checkRows<S extends z.ZodObject>(
  file: ImportFile,
  rows: readonly CsvRow[],
  schema: S,
  relate: Relate,
): { values: z.output<S>[]; lines: number[]; faults: Fault[] } {
  const values: z.output<S>[] = []
  const lines: number[] = []
  const faults: Fault[] = []
  for (const { line, cells } of rows) {
    const parsed = schema.safeParse(cells)
    const found = [...(parsed.success ? [] : cellFaults(parsed.error)), ...relate(cells)]
    if (parsed.success && found.length === 0) {
      values.push(parsed.data)
      lines.push(line)
    }
    for (const { column, reason } of firstOfEach(found)) {
      faults.push({ file, line, column, reason, value: (cells[column] ?? '').slice(0, shownChars) })
    }
  }
  return { values, lines, faults }
}

/** Every check in the schemas of this folder carries its reason as the message (`because`). */
function cellFaults(error: z.ZodError): CellFault[] {
  return error.issues.map(({ path, message }) => ({ column: String(path[0]), reason: message as FaultReason }))
}

function firstOfEach(faults: readonly CellFault[]): CellFault[] {
  return faults.filter((fault, i) => faults.findIndex((other) => other.column === fault.column) === i)
}

/** Says of each value whether it came before, or is among those taken; remembers it. */
export function doubles(taken: Iterable<string> = []): (value: string) => boolean {
  const seen = new Set(taken)
  return (value) => {
    const double = seen.has(value)
    seen.add(value)
    return double
  }
}
