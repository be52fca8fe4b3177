import type { Refusal } from '#shared/contracts/refusals.ts'
import { personalWords, weakness } from '#shared/domain/password.ts'
import { m } from '$paraglide/messages.js'
import { refusalText } from '../refusal-text.ts'
import type { LinkDoor } from './link-door.svelte.ts'

/** The form behind a link: a new password, and what went wrong with it. */
export class TakeUp {
  password = $state('')
  tried = $state(false)
  sending = $state(false)
  /** Why the whole form was not accepted; empty: it was not refused. */
  problem = $state('')
  #refused: (Refusal & { code: 'weakPassword' }) | null = $state.raw(null)
  readonly #personal: () => { email: string; name: string; officeName: string }

  /** `personal`: what a password may not be made of. */
  constructor(personal: () => { email: string; name: string; officeName: string }) {
    this.#personal = personal
  }

  readonly weak = $derived.by(() => weakness(this.password, personalWords(this.#personal())))
  readonly passwordError = $derived.by(() => {
    if (this.#refused) return refusalText(this.#refused)
    return this.tried && this.weak ? refusalText({ code: 'weakPassword', reason: this.weak }) : undefined
  })

  /** The password was typed anew: what the server said of the one before no longer holds. */
  typed(): void {
    this.#refused = null
  }

  /** Sends it. Nothing typed is lost where it was not accepted. */
  async send(door: Pick<LinkDoor<unknown>, 'takeUp'>, fields: object): Promise<void> {
    this.problem = ''
    this.sending = true
    const answer = await door.takeUp({ ...fields, password: this.password })
    this.sending = false
    if (answer === 'no connection') this.problem = m.access_no_connection()
    else if (answer === 'failed') this.problem = m.access_failed()
    else if (answer.code === 'weakPassword') this.#refused = answer
    else if (answer.code !== 'link') this.problem = refusalText(answer)
  }
}

/** Puts the caret into the first field that is marked as wrong, once the marks are drawn. */
export function focusFirstError(form: HTMLFormElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
}
