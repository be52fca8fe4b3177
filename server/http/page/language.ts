import type { Context } from 'hono'
import { accepts } from 'hono/accepts'
import { getCookie } from 'hono/cookie'
import { Language, languages } from '#shared/contracts/language.ts'

/** Where the client keeps the language of this browser. */
const languageCookie = 'PARAGLIDE_LOCALE'

/** The language of a page that is made here: the one that is asked for (`?lang=`), else this browser's. */
export function languageOf(c: Context): Language {
  const asked = Language.safeParse(c.req.query('lang') ?? getCookie(c, languageCookie))
  if (asked.success) return asked.data
  return Language.parse(accepts(c, { header: 'Accept-Language', supports: [...languages], default: 'en', match: firstOf }))
}

/** The wanted languages come with regions, `de-CH`, and weights. */
function firstOf(wanted: { type: string; q: number }[], { default: fallback }: { default: string }): string {
  const inOrder = wanted.toSorted((a, b) => b.q - a.q).map(({ type }) => type.split('-', 1)[0]?.toLowerCase() ?? '')
  return inOrder.find((language) => Language.safeParse(language).success) ?? fallback
}
