import { fetchJson } from '../live/fetch-json.ts'

/** In this browser's storage: somebody signed out here, and the server does not know it yet. */
const key = 'signOutOwed'
/** A server that does not answer within this time is not there, in milliseconds. */
const patienceMs = 5_000

/** From here on this browser shows nothing of the session that lies in it, whether or not the server can be told. */
export function oweSignOut(): void {
  try {
    localStorage.setItem(key, '1')
  } catch {
    // a browser that keeps nothing: `isSignOutOwed` says so
  }
}

/** Whether a session lies in this browser that somebody has ended here, but not at the server. */
export function isSignOutOwed(): boolean {
  try {
    return localStorage.getItem(key) !== null
  } catch {
    return false
  }
}

/** Ends this browser's session at the server; whether it is ended. Where the server is not reached it stays owed. */
export async function settleSignOut(): Promise<boolean> {
  try {
    await within(patienceMs, endSession())
    localStorage.removeItem(key)
    return true
  } catch {
    return false
  }
}

/** Calls back when somebody signs out in another tab of this browser. Returns the way out. */
export function onSignOutElsewhere(leave: () => void): () => void {
  const listener = (event: StorageEvent) => event.key === key && event.newValue !== null && leave()
  addEventListener('storage', listener)
  return () => removeEventListener('storage', listener)
}

/** The answer to the second request counts: the first is refused where the session has ended already. */
async function endSession(): Promise<void> {
  await fetchJson('/api/auth/sign-out', {}).catch(() => {})
  const { signedIn } = await fetchJson<{ signedIn: boolean }>('/api/v1/session')
  if (signedIn) throw new Error('the session goes on')
}

function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  const late = new Promise<never>((_, reject) => setTimeout(reject, ms, new Error('no answer')))
  return Promise.race([answer, late])
}
