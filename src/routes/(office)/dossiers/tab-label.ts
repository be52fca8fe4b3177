import type { Status } from '#shared/contracts/dossier.ts'
import { m } from '$paraglide/messages.js'

/** A tab's name: the status, of many. */
export function tabLabel(status: Status): string {
  switch (status) {
    case 'prospect':
      return m.dossiers_tab_prospects()
    case 'client':
      return m.dossiers_tab_clients()
    case 'abandoned':
      return m.dossiers_tab_abandoned()
    case 'closed':
      return m.dossiers_tab_closed()
  }
}
