import type { CreateDivision, DeleteDivision, Division, RenameDivision } from '#shared/contracts/division.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import { can } from '#shared/domain/access.ts'
import { fold } from '#shared/domain/fold.ts'
import type { Context, Decision } from './context.ts'

/** S0.1, S0.8: no two of the same name; the first one turns the setting "divisions" on. */
export async function create(context: Context, { divisionId, name }: CreateDivision): Decision {
  const { view, actor } = context
  if (!can(actor, 'office.manage')) return { code: 'forbidden', action: 'office.manage' }
  if (await view.get('division', divisionId)) return { code: 'idTaken' }
  return addDivision(context, { id: divisionId, name }, view.frame.divisions.length === 0 && !view.frame.office.divisionsOn)
}

/** S0.1 */
export async function rename(context: Context, { divisionId, name }: RenameDivision): Decision {
  return onDivision(context, divisionId, async (division) => {
    if (division.name === name) return null
    const refusal = refuseName(context, name, divisionId)
    if (refusal) return refusal
    context.view.put('division', { ...division, name })
    context.emit({ type: 'division.renamed', divisionId, name: [division.name, name] })
    return null
  })
}

/** S0.1: only when it is empty: no members, manual entries, clients or dossiers. */
export async function remove(context: Context, { divisionId }: DeleteDivision): Decision {
  return onDivision(context, divisionId, async (division) => {
    const refusal = await refuseNotEmpty(context, divisionId)
    if (refusal) return refusal
    context.view.drop('division', divisionId)
    context.emit({ type: 'division.deleted', division })
    return null
  })
}

/** Writes a division that is not there, new or come back. */
export async function addDivision(context: Context, division: Division, turnsOn: boolean): Decision {
  const { view, emit } = context
  const refusal = refuseName(context, division.name, division.id)
  if (refusal) return refusal
  view.put('division', division)
  if (turnsOn) {
    const office = await view.get('office', view.officeId)
    if (office) view.put('office', { ...office, divisionsOn: true })
    view.fence('all')
  }
  emit({ type: 'division.created', division, turnsOn })
  return null
}

async function onDivision(context: Context, divisionId: Id, decide: (division: Division) => Decision): Decision {
  if (!can(context.actor, 'office.manage')) return { code: 'forbidden', action: 'office.manage' }
  const division = await context.view.get('division', divisionId)
  return division ? decide(division) : { code: 'notFound', what: 'division' }
}

function refuseName({ view }: Context, name: string, except: Id): Refusal | null {
  const isTaken = view.frame.divisions.some((d) => d.id !== except && fold(d.name) === fold(name))
  return isTaken ? { code: 'divisionNameTaken' } : null
}

async function refuseNotEmpty({ view }: Context, divisionId: Id): Promise<Refusal | null> {
  const members = view.frame.members.filter((m) => m.divisionIds.includes(divisionId)).length
  const owners = view.frame.owners.filter((o) => o.memberId === null && o.divisionIds.includes(divisionId)).length
  const { clients, dossiers } = await view.heldBy(divisionId)
  return members + owners + clients + dossiers > 0 ? { code: 'divisionNotEmpty', members, owners, clients, dossiers } : null
}
