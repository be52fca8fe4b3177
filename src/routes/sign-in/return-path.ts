const key = 'returnPath'

/** To the sign-in, remembering where the person was, so that they come back there. A full load: nothing of the session stays in memory. */
export function leaveForSignIn(): void {
  const path = location.pathname + location.search
  if (path !== '/' && !path.startsWith('/sign-in')) sessionStorage.setItem(key, path)
  location.assign('/sign-in')
}

/** Who signs out on purpose begins at the list the next time. */
export function forgetReturnPath(): void {
  sessionStorage.removeItem(key)
}

/** Where to go after signing in: back, once, else to the list. */
export function takeReturnPath(): string {
  const path = sessionStorage.getItem(key)
  sessionStorage.removeItem(key)
  return safePath(path)
}

/** A path of this site as it is; the list for everything else. `//` and `/\\` would lead to another host. */
export function safePath(path: string | null): string {
  return path && /^\/[^/\\]/.test(path) ? path : '/dossiers'
}
