import type { DossierRow } from '#shared/contracts/dossier.ts'
import { type Actor, can } from '#shared/domain/access.ts'
import { isOpen } from '#shared/domain/pipeline.ts'
import { m } from '$paraglide/messages.js'

/** Why each thing on a dossier's page cannot be done now, in words; null: it can. */
export interface Locks {
  edit: string | null
  stage: string | null
  owner: string | null
  abandon: string | null
}

/** The locks of this dossier for this member: first what their role says, then what the dossier's state says. */
export function locksOf(me: Actor | null, row: DossierRow): Locks {
  const may = (action: 'dossier.edit' | 'dossier.moveStage' | 'dossier.abandon') => me !== null && can(me, action, row)
  return {
    edit: may('dossier.edit') ? null : m.dossier_locked_reading(),
    stage: may('dossier.moveStage') ? (row.status === 'abandoned' ? m.dossier_locked_abandoned() : null) : m.dossier_locked_reading(),
    owner: me !== null && can(me, 'dossier.changeOwner', row) ? null : ownerLock(me),
    abandon: may('dossier.abandon') ? abandonLock(row) : m.dossier_locked_reading(),
  }
}

function abandonLock({ status }: DossierRow): string | null {
  if (isOpen(status)) return null
  return status === 'abandoned' ? m.dossier_locked_already_abandoned() : m.dossier_locked_closed()
}

/** Whose right reaches how far, said to the one who does not have it here. */
function ownerLock(me: Actor | null): string {
  switch (me?.role) {
    case 'manager':
      return m.dossier_locked_owner_manager()
    case 'adviser':
      return m.dossier_locked_owner_adviser()
    case 'clerk':
      return m.dossier_locked_owner_clerk()
    default:
      return m.dossier_locked_reading()
  }
}
