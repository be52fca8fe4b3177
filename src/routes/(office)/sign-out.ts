import { fetchJson } from '$lib/live/fetch-json.ts'
import { live } from '$lib/live/live.svelte.ts'
import { copies } from '$lib/offline/tab-copies.ts'
import { waiting } from '$lib/offline/waiting.svelte.ts'
import { toasts } from '$lib/toasts.svelte.ts'
import { m } from '$paraglide/messages.js'
import { forgetReturnPath } from '../sign-in/return-path.ts'

/** Ends this session, unless something waits here that would be erased with it: then it asks first. */
export async function signOut(): Promise<void> {
  if (waiting.dossierIds.length === 0) return endSession()
  const action = { label: m.offline_sign_out_anyway(), run: () => void endSession() }
  toasts.show({ text: m.offline_sign_out_waiting(), tone: 'bad', action, ms: 20_000 })
}

/** Ends the session, erases what lies in this browser, and leaves for the sign-in; without a connection it says that it could not. */
async function endSession(): Promise<void> {
  try {
    await fetchJson('/api/auth/sign-out', {})
  } catch {
    return toasts.show({ text: m.common_sign_out_failed(), tone: 'bad' })
  }
  forgetReturnPath()
  live.stop()
  await copies.eraseAll()
  location.assign('/sign-in')
}
