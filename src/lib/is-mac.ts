/** Does this keyboard have a command key in the place of Ctrl? */
export const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent)
