import { CalendarDate } from '#shared/contracts/ids.ts'
import type { DateOrder } from '#shared/contracts/import-job.ts'

const parts = /^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})$/

/** How dates are written in these cells: ISO, day first, or month first where a day beyond the twelfth shows it. */
export function guessDates(cells: Iterable<string>): Exclude<DateOrder, 'auto'> {
  let [isIso, monthFirst, dayFirst] = [true, false, false]
  for (const cell of cells) {
    const [, first, second] = parts.exec(cell.trim()) ?? []
    if (first === undefined || second === undefined) continue
    isIso = false
    if (Number(first) > 12) dayFirst = true
    if (Number(second) > 12) monthFirst = true
  }
  if (isIso) return 'iso'
  return monthFirst && !dayFirst ? 'monthFirst' : 'dayFirst'
}

/** A date as ISO where it is one in this order; anything else as it stands, for the schema to refuse. */
export function isoDate(cell: string, order: Exclude<DateOrder, 'auto'>): string {
  const text = cell.trim()
  const found = parts.exec(text)
  if (!found || order === 'iso') return text
  const [first = '', second = '', year = ''] = found.slice(1)
  const [day, month] = order === 'dayFirst' ? [first, second] : [second, first]
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return CalendarDate.safeParse(iso).success ? iso : text
}

/**
 * An amount as plain digits with a point before the cents: `12.000,50` and `12 000.5` too. What could be read in two ways, or has letters
 * in it, stays as it stands, for the schema to refuse.
 */
export function plainAmount(cell: string): string {
  const text = cell.trim().replace(/[\u00a0\u202f]/g, ' ')
  const found = /^(\d+|[1-9]\d{0,2}(?:([., '’])\d{3})(?:\2\d{3})*)(?:([.,])(\d{1,2}))?$/.exec(text)
  if (!found) return cell.trim()
  const [, whole = '', grouping, decimal, cents] = found
  if (grouping !== undefined && grouping === decimal) return cell.trim()
  const units = whole.replace(/\D/g, '')
  return cents === undefined ? units : `${units}.${cents.padEnd(2, '0')}`
}
