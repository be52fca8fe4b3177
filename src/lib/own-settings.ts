import type { EditProfile, Member } from '#shared/contracts/member.ts'
import { act } from './act.ts'
import { readDensity, readTheme, setDensity, setTheme } from './appearance.ts'
import { language } from './language.svelte.ts'

/** Changes something of one's own profile. It shows at once, on the member's other open screens as soon as the server has it. */
export function changeOwn(fields: Omit<EditProfile, 'type'>): void {
  void act({ type: 'member.editProfile', ...fields }, { silent: true })
}

/** Makes this browser look and speak as the member wants it; what it remembers for the next first paint follows. */
export function applyOwn({ theme, density, language: wanted }: Pick<Member, 'theme' | 'density' | 'language'>): void {
  if (readTheme() !== theme) setTheme(theme)
  if (readDensity() !== density) setDensity(density)
  language.speak(wanted)
}
