import type { ChangeSettings, Office, OfficeFields, SettingsChanged } from '#shared/contracts/office.ts'
import { can } from '#shared/domain/access.ts'
import type { Context, Decision } from './context.ts'

/** S0.8, "who sees what", name, language and time zone: admins only, in force on every screen from this number on. */
export async function changeSettings(context: Context, { type: _, ...wanted }: ChangeSettings): Decision {
  const { view, actor } = context
  if (!can(actor, 'office.manage')) return { code: 'forbidden', action: 'office.manage' }
  const office = await view.get('office', view.officeId)
  if (!office) return { code: 'notFound', what: 'member' }
  const fields = differing(office, wanted)
  if (Object.keys(fields).length === 0) return null
  const after = Object.fromEntries(Object.entries(fields).map(([field, [, value]]) => [field, value]))
  view.put('office', { ...office, ...after })
  context.emit({ type: 'office.settingsChanged', fields })
  if (fields.divisionsOn || fields.seesWhat) view.fence('all')
  return null
}

/** The settings of an office, those that it was made without as well. */
export function settingsOf({ commentRulesOff = [], ...office }: Office): OfficeFields {
  return { ...office, commentRulesOff }
}

function differing(office: Office, wanted: { [F in keyof OfficeFields]?: OfficeFields[F] | undefined }): SettingsChanged['fields'] {
  return Object.fromEntries(
    Object.entries(wanted)
      .map(([field, after]) => [field, settingsOf(office)[field as keyof OfficeFields], after] as const)
      .filter(([, before, after]) => after !== undefined && JSON.stringify(after) !== JSON.stringify(before))
      .map(([field, before, after]) => [field, [before, after]]),
  )
}
