import { currencySign } from '$lib/format.ts'
import { m } from '$paraglide/messages.js'
import type { Column } from './list-query.ts'

/** Columns of figures, which stand at the right of theirs. */
export const numeric: ReadonlySet<Column> = new Set<Column>(['amount', 'created', 'changed'])

/** The heading of a column; that of the amounts names their currency. */
export function columnLabel(column: Column): string {
  switch (column) {
    case 'number':
      return m.common_number()
    case 'client':
      return m.common_client()
    case 'title':
      return m.common_title()
    case 'owner':
      return m.common_owner()
    case 'division':
      return m.common_division()
    case 'status':
      return m.common_status()
    case 'stage':
      return m.common_stage()
    case 'amount':
      return `${m.common_amount()} ${currencySign()}`
    case 'created':
      return m.common_created()
    case 'changed':
      return m.common_changed()
  }
}
