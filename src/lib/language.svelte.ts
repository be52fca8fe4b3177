import type { Language } from '#shared/contracts/language.ts'
import { getLocale, overwriteGetLocale, setLocale } from '$paraglide/runtime.js'

/**
 * The language this tab speaks. Every message reads it as state, so that changing it redraws the words and nothing else:
 * no page is loaded anew, and what was typed stays.
 */
class ShownLanguage {
  #current: Language = $state(getLocale())

  constructor() {
    overwriteGetLocale(() => this.#current)
    document.documentElement.lang = this.#current
  }

  /** Reactive, as `getLocale()` is. */
  get current(): Language {
    return this.#current
  }

  /** Speaks this from now on; the browser remembers it for its next first page. */
  speak(language: Language): void {
    if (language === this.#current) return
    void setLocale(language, { reload: false })
    this.#current = language
    document.documentElement.lang = language
  }
}

export const language = new ShownLanguage()
