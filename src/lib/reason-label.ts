import type { AbandonReason } from '#shared/contracts/dossier.ts'
import { m } from '$paraglide/messages.js'

/** S4.2: why a dossier was abandoned, in the member's language. */
export function reasonLabel(reason: AbandonReason): string {
  switch (reason) {
    case 'projectDropped':
      return m.dossier_reason_project_dropped()
    case 'ownBank':
      return m.dossier_reason_own_bank()
    case 'competition':
      return m.dossier_reason_competition()
    case 'bankRefused':
      return m.dossier_reason_bank_refused()
    case 'indebtedness':
      return m.dossier_reason_indebtedness()
    case 'overIndebtedness':
      return m.dossier_reason_over_indebtedness()
    case 'other':
      return m.dossier_reason_other()
  }
}
