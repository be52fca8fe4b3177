import type { Role } from '#shared/contracts/member.ts'
import { m } from '$paraglide/messages.js'

/** A role's name in the member's language. */
export function roleLabel(role: Role): string {
  switch (role) {
    case 'admin':
      return m.people_role_admin()
    case 'manager':
      return m.people_role_manager()
    case 'adviser':
      return m.people_role_adviser()
    case 'clerk':
      return m.people_role_clerk()
    case 'viewer':
      return m.people_role_viewer()
  }
}

/** What a role may do, in one line. */
export function roleText(role: Role): string {
  switch (role) {
    case 'admin':
      return m.people_role_admin_text()
    case 'manager':
      return m.people_role_manager_text()
    case 'adviser':
      return m.people_role_adviser_text()
    case 'clerk':
      return m.people_role_clerk_text()
    case 'viewer':
      return m.people_role_viewer_text()
  }
}
