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

/** Where to go after signing in: a path of this site, once. */
export function takeReturnPath(): string {
  const path = sessionStorage.getItem(key)
  sessionStorage.removeItem(key)
  return path && /^\/[^/\\]/.test(path) ? path : '/dossiers'
}
