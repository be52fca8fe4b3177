import type { LinkPurpose } from '#shared/contracts/link.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import { setFormat } from '../format.ts'
import { ApiError, fetchJson } from '../live/fetch-json.ts'
import { isSignOutOwed, settleSignOut } from '../offline/owed-sign-out.ts'
import { copies } from '../offline/tab-copies.ts'
import { refusalOf } from '../refusal-of.ts'
import { linkOf, type OpenedLink } from './link-of.ts'

export type LinkRefusal = Refusal & { code: 'link' }
type State =
  | { is: 'looking' }
  /** What the link is for; it is not used up by looking. */
  | { is: 'open' }
  | { is: 'refused'; refusal: LinkRefusal }
  /** Another session is open in this browser. */
  | { is: 'signedIn' }
  /** `waits`: too often, rather than no connection. */
  | { is: 'unreachable'; waits: boolean }

const unknown: LinkRefusal = { code: 'link', state: 'unknown', admins: [], at: null }
const paths = { invitation: '/api/v1/join', reset: '/api/v1/reset' }

/**
 * The page behind a link. Its code is taken out of the address bar and kept for this tab alone, so that neither a reload nor a phone
 * that drops the page while one looks something up loses it.
 */
export class LinkDoor<Look> {
  state: State = $state.raw({ is: 'looking' })
  /** What `look` answered; null until then. */
  look: Look | null = $state.raw(null)
  readonly #path: string
  readonly #key: string
  #link: OpenedLink | null = null

  constructor(purpose: LinkPurpose) {
    this.#path = paths[purpose]
    this.#key = `link:${purpose}`
    // no office yet: times are those of this computer
    setFormat({ currency: 'EUR', timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone })
  }

  /** Reads the address, also when a newer link is pasted over this one, and looks what it is for. */
  open(): Promise<void> {
    if (location.hash) {
      this.#keep(linkOf(location.hash))
      history.replaceState(history.state, '', location.pathname)
    } else {
      this.#link = linkOf(sessionStorage.getItem(this.#key) ?? '')
    }
    return this.ask()
  }

  async ask(): Promise<void> {
    this.state = { is: 'looking' }
    if (!this.#link) return this.#refuse(unknown)
    try {
      // somebody signed out here without a connection
      if (isSignOutOwed()) await settleSignOut()
      const { signedIn } = await fetchJson<{ signedIn: boolean }>('/api/v1/session')
      if (signedIn) this.state = { is: 'signedIn' }
      else {
        this.look = await fetchJson<Look>(`${this.#path}/look`, this.#link)
        this.state = { is: 'open' }
      }
    } catch (error) {
      this.#failed(error)
    }
  }

  /** Ends the session of this browser, and goes on with the link. */
  async signOut(): Promise<void> {
    try {
      await fetchJson('/api/auth/sign-out', {})
      await this.ask()
    } catch (error) {
      this.#failed(error)
    }
  }

  /** Takes the link up and goes inside. Otherwise: the refusal, or what else went wrong; a link that ended meanwhile shows itself. */
  async takeUp(fields: object): Promise<Refusal | 'no connection' | 'failed'> {
    try {
      await fetchJson(this.#path, { ...this.#link, ...fields })
    } catch (error) {
      const refusal = refusalOf(error)
      if (refusal?.code === 'link') this.#refuse(refusal)
      return refusal ?? (error instanceof ApiError ? 'failed' : 'no connection')
    }
    sessionStorage.removeItem(this.#key)
    await copies.doubtOwner().catch(() => {})
    location.replace('/dossiers')
    // the page goes away: whoever waits for this shows that it is under way
    return new Promise(() => {})
  }

  #keep(link: OpenedLink | null): void {
    this.#link = link
    if (link) sessionStorage.setItem(this.#key, `${link.officeId}.${link.code}`)
    else sessionStorage.removeItem(this.#key)
  }

  #refuse(refusal: LinkRefusal): void {
    this.state = { is: 'refused', refusal }
  }

  #failed(error: unknown): void {
    const refusal = refusalOf(error)
    if (refusal?.code === 'link') this.#refuse(refusal)
    else if (refusal?.code === 'invalid') this.#refuse(unknown)
    else this.state = { is: 'unreachable', waits: error instanceof ApiError && error.status === 429 }
  }
}
