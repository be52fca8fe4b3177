import type { Id } from '#shared/contracts/ids.ts'
import type { Language } from '#shared/contracts/language.ts'
import type { Frame } from '#shared/contracts/office.ts'
import { cookieName, getLocale, overwriteGetLocale } from '$paraglide/runtime.js'

/** The language this screen speaks: the one chosen in this browser, else the member's own. Returns which it is. */
export function adoptLanguage(frame: Frame, memberId: Id): Language {
  const own = frame.members.find((member) => member.id === memberId)?.language
  // not written to the cookie: the next member at this device has their own
  if (own && own !== getLocale() && !isChosen()) overwriteGetLocale(() => own)
  document.documentElement.lang = getLocale()
  return getLocale()
}

function isChosen(): boolean {
  return document.cookie.split('; ').some((cookie) => cookie.startsWith(`${cookieName}=`))
}
