import { readFileSync } from 'node:fs'
import { html } from 'hono/html'
import { type Language, languages } from '#shared/contracts/language.ts'

type Part = ReturnType<typeof html> | string

/** What the page itself says in one language, by the keys of `src/messages/api`; what it shows of the document is English. */
export interface Texts {
  /** A text, with what it fills in as plain text. Throws where there is none. */
  say(key: string, filled?: Record<string, string>): string
  /** The same, with what it fills in as markup. */
  show(key: string, filled: Record<string, Part>): Part[]
  /** For what the document may name in a newer version than the texts: null where there is none. */
  find(key: string): string | null
}

export const texts = Object.fromEntries(languages.map((language) => [language, textsIn(language)])) as Record<Language, Texts>

function textsIn(language: Language): Texts {
  const file = new URL(`../../../src/messages/api/${language}.json`, import.meta.url)
  const messages = new Map(Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>))
  const show: Texts['show'] = (key, filled) => {
    const message = messages.get(key)
    if (message === undefined) throw new Error(`there is no text ${key} in ${language}`)
    // between the braces stand the names of what is filled in
    return message.split(/\{(\w+)\}/).map((piece, i) => (i % 2 === 0 ? piece : (filled[piece] ?? '')))
  }
  return { show, say: (key, filled = {}) => show(key, filled).join(''), find: (key) => messages.get(key) ?? null }
}
