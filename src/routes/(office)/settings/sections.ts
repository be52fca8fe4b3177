import type { Actor } from '#shared/domain/access.ts'
import { can } from '#shared/domain/access.ts'
import { m } from '$paraglide/messages.js'

/** A page of the settings. Those for admins are not offered to others. */
export interface Section {
  href: string
  label: () => string
  adminsOnly: boolean
}

const sections: readonly Section[] = [
  { href: '/settings/profile', label: m.settings_profile, adminsOnly: false },
  { href: '/settings/members', label: m.people_title, adminsOnly: false },
  { href: '/settings/tokens', label: m.settings_tokens, adminsOnly: false },
  { href: '/settings/comments', label: m.comments_rules_title, adminsOnly: false },
  { href: '/settings/import', label: m.import_title, adminsOnly: true },
  { href: '/settings/divisions', label: m.settings_divisions, adminsOnly: true },
  { href: '/settings/stages', label: m.settings_stages, adminsOnly: true },
  { href: '/settings/office', label: m.settings_office, adminsOnly: true },
]

/** The pages of the settings that this member may open. */
export function sectionsFor(me: Actor | null): Section[] {
  return sections.filter(({ adminsOnly }) => !adminsOnly || (me !== null && can(me, 'office.manage')))
}
