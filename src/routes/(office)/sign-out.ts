import { fetchJson } from '$lib/live/fetch-json.ts'
import { live } from '$lib/live/live.svelte.ts'
import { toasts } from '$lib/toasts.svelte.ts'
import { m } from '$paraglide/messages.js'
import { forgetReturnPath } from '../sign-in/return-path.ts'

/** Ends this session and leaves for the sign-in; without a connection it says that it could not. */
export async function signOut(): Promise<void> {
  try {
    await fetchJson('/api/auth/sign-out', {})
  } catch {
    return toasts.show({ text: m.common_sign_out_failed(), tone: 'bad' })
  }
  forgetReturnPath()
  live.stop()
  location.assign('/sign-in')
}
