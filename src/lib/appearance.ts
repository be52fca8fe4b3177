import type { Density, Theme } from '#shared/contracts/member.ts'

// What the member wants stands in their record; this browser remembers it, and `static/theme.js` reads that before the first paint.

/** The colour theme; `system` follows the device. */
export function readTheme(): Theme {
  const set = document.documentElement.dataset.theme
  return set === 'light' || set === 'dark' ? set : 'system'
}

export function setTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
  keep('theme', theme)
}

/** The height of rows: 36 px, or 44. */
export function readDensity(): Density {
  return document.documentElement.dataset.density === 'comfortable' ? 'comfortable' : 'compact'
}

export function setDensity(density: Density): void {
  if (density === 'compact') delete document.documentElement.dataset.density
  else document.documentElement.dataset.density = density
  keep('density', density)
  // rows that are placed by their height measure it anew
  dispatchEvent(new Event('resize'))
}

function keep(name: string, value: string): void {
  try {
    localStorage.setItem(name, value)
  } catch {
    // storage is blocked: it holds until the tab is closed
  }
}
