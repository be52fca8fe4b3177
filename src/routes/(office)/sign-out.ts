import { live } from '$lib/live/live.svelte.ts'
import { isSignOutOwed, oweSignOut, settleSignOut } from '$lib/offline/owed-sign-out.ts'
import { copies } from '$lib/offline/tab-copies.ts'
import { waiting } from '$lib/offline/waiting.svelte.ts'
import { toasts } from '$lib/toasts.svelte.ts'
import { m } from '$paraglide/messages.js'
import { forgetReturnPath } from '../sign-in/return-path.ts'

/** Ends this session; asks first where something would be erased that is not sent, or where nobody can sign in again. */
export async function signOut(): Promise<void> {
  const question = questionFirst()
  if (question === null) return endSession()
  const action = { label: m.offline_sign_out_anyway(), run: () => void endSession() }
  toasts.show({ text: question, tone: 'bad', action, ms: 20_000 })
}

function questionFirst(): string | null {
  if (waiting.dossierIds.length > 0) return m.offline_sign_out_waiting()
  return live.isOffline ? m.offline_sign_out_offline() : null
}

/** Erases what lies in this browser, ends the session, and leaves for the sign-in; there the server is told where it is not reached now. */
async function endSession(): Promise<void> {
  oweSignOut()
  live.stop()
  await copies.eraseAll()
  const isEnded = await settleSignOut()
  if (!isEnded && !isSignOutOwed()) return toasts.show({ text: m.common_sign_out_failed(), tone: 'bad' })
  forgetReturnPath()
  location.assign('/sign-in')
}
