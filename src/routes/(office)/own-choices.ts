import type { Density, Theme } from '#shared/contracts/member.ts'
import { m } from '$paraglide/messages.js'

/** The colour themes that one can choose; `system` follows the device. */
export const themes: readonly { value: Theme; label: () => string }[] = [
  { value: 'system', label: m.common_theme_system },
  { value: 'light', label: m.common_theme_light },
  { value: 'dark', label: m.common_theme_dark },
]

/** The heights of rows that one can choose. */
export const densities: readonly { value: Density; label: () => string }[] = [
  { value: 'compact', label: m.common_density_compact },
  { value: 'comfortable', label: m.common_density_comfortable },
]
