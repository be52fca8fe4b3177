import { z } from 'zod'

export const languages = ['en', 'nl', 'da', 'de', 'fr'] as const
export const Language = z.enum(languages)
export type Language = z.infer<typeof Language>
