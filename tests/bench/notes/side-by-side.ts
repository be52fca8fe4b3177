import { median } from '../statistics.ts'
import { type SubjectName, subjectNames } from './subjects.ts'

/** What was measured of each server; printed as a table, medians over the rounds. */
export class SideBySide {
  readonly #title: string
  readonly #rows = new Map<string, Map<SubjectName, number[]>>()

  constructor(title: string) {
    this.#title = title
  }

  /** A round's value; the measure's name ends with its unit. */
  add(measure: string, subject: SubjectName, value: number): void {
    const row = this.#rows.get(measure) ?? new Map<SubjectName, number[]>()
    this.#rows.set(measure, row)
    row.set(subject, [...(row.get(subject) ?? []), value])
  }

  /** The median over the rounds; NaN of none. */
  of(measure: string, subject: SubjectName): number {
    return median(this.#rows.get(measure)?.get(subject) ?? [])
  }

  print(say: (line: string) => void): void {
    const columns = subjectNames.filter((name) => [...this.#rows.values()].some((row) => row.has(name)))
    const width = Math.max(this.#title.length, ...[...this.#rows.keys()].map(({ length }) => length))
    const line = (first: string, cells: readonly string[]) =>
      say(`${first.padEnd(width)}  ${cells.map((cell) => cell.padStart(19)).join(' ')}`)
    say('')
    line(this.#title, columns)
    for (const measure of this.#rows.keys())
      line(
        measure,
        columns.map((name) => shown(this.of(measure, name))),
      )
    say('')
  }
}

function shown(value: number): string {
  if (Number.isNaN(value)) return ''
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)))
}
