import type { Language } from '#shared/contracts/language.ts'

/** Each language in its own words, so that whoever cannot read the present one finds theirs. */
export const languageNames: Record<Language, string> = {
  en: 'English',
  nl: 'Nederlands',
  da: 'Dansk',
  de: 'Deutsch',
  fr: 'Français',
}
