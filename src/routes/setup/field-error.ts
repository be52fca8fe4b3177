import { m } from '$paraglide/messages.js'
import type { SetupField } from './setup-form.ts'

/** What a field of the form wants, shown when it was not accepted. */
export function fieldErrors(fields: readonly SetupField[]): Partial<Record<SetupField, string>> {
  return Object.fromEntries(fields.map((field) => [field, fieldError(field)]))
}

function fieldError(field: SetupField): string {
  switch (field) {
    case 'officeName':
    case 'name':
      return m.access_name_error()
    case 'email':
      return m.access_email_error()
    case 'password':
      return m.access_password_error()
    case 'timeZone':
      return m.access_time_zone_error()
    case 'language':
    case 'currency':
      return m.access_field_error()
  }
}
