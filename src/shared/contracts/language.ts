import { z } from 'zod'

export const languages = ['en', 'nl', 'da', 'de', 'fr'] as const
export const Language = z.enum(languages)
export type Language = z.infer<typeof Language>

/** Each language in its own words, so that whoever cannot read the present one finds theirs. */
export const languageNames: Record<Language, string> = { en: 'English', nl: 'Nederlands', da: 'Dansk', de: 'Deutsch', fr: 'Français' }
