import type { ChangeSettings, SettingsChanged } from '#shared/contracts/office.ts'
import { can } from '#shared/domain/access.ts'
import type { Context, Decision } from './context.ts'

/** S0.8 and "who sees what": admins only, in force on every screen from this number on. */
export async function changeSettings(context: Context, { type: _, ...wanted }: ChangeSettings): Decision {
  const { view, actor } = context
  if (!can(actor, 'office.manage')) return { code: 'forbidden', action: 'office.manage' }
  const office = await view.get('office', view.officeId)
  if (!office) return { code: 'notFound', what: 'member' }
  const fields: SettingsChanged['fields'] = {}
  const { divisionsOn, seesWhat } = wanted
  if (divisionsOn !== undefined && divisionsOn !== office.divisionsOn) fields.divisionsOn = [office.divisionsOn, divisionsOn]
  if (seesWhat !== undefined && seesWhat !== office.seesWhat) fields.seesWhat = [office.seesWhat, seesWhat]
  if (Object.keys(fields).length === 0) return null
  view.put('office', {
    ...office,
    ...(divisionsOn !== undefined && { divisionsOn }),
    ...(seesWhat !== undefined && { seesWhat }),
  })
  context.emit({ type: 'office.settingsChanged', fields })
  view.fence('all')
  return null
}
