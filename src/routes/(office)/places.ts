import FolderOpen from '@lucide/svelte/icons/folder-open'
import Settings from '@lucide/svelte/icons/settings'
import SquareKanban from '@lucide/svelte/icons/square-kanban'
import Sun from '@lucide/svelte/icons/sun'
import { m } from '$paraglide/messages.js'

/** The places of the rail and of a phone's bottom bar: only what exists. */
export const places = [
  { href: '/my-day', label: m.quick_my_day, icon: Sun, shortcut: 'g m' },
  { href: '/dossiers', label: m.common_dossiers, icon: FolderOpen, shortcut: 'g d' },
  { href: '/board', label: m.common_board, icon: SquareKanban, shortcut: 'g b' },
] as const

/** At the foot of the rail; a phone reaches it by the member's own menu. */
export const settingsPlace = { href: '/settings', label: m.settings_title, icon: Settings } as const

/** Is this the place one is at, or somewhere below it? */
export function isAt(pathname: string, href: string): boolean {
  return pathname === href || pathname.startsWith(`${href}/`)
}
