import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { languages } from '#shared/contracts/language.ts'

const here = import.meta.dirname
const areas = readdirSync(here, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))

function read(area: string, language: string): Record<string, unknown> {
  return JSON.parse(readFileSync(`${here}/${area}/${language}.json`, 'utf8')) as Record<string, unknown>
}

/** The words in braces that a message fills in. */
function inputsOf(message: unknown): string[] {
  return [...new Set(JSON.stringify(message).match(/\{\w+\}/g) ?? [])].sort()
}

// a key that one language lacks shows there in English, silently
describe.each(areas)('the messages of %s', (area) => {
  const english = read(area, 'en')

  it.each(languages)('have the keys of English in %s', (language) => {
    expect(Object.keys(read(area, language)).sort()).toEqual(Object.keys(english).sort())
  })

  it.each(languages)('fill in the same words as English in %s', (language) => {
    for (const [key, message] of Object.entries(read(area, language)))
      expect([key, inputsOf(message)]).toEqual([key, inputsOf(english[key])])
  })

  it.each(languages)('have a form for every number in %s', (language) => {
    // French has a third form, for millions: without the open one its key would be shown
    for (const [key, message] of Object.entries(read(area, language))) {
      if (typeof message !== 'string') expect([key, JSON.stringify(message)]).toEqual([key, expect.stringContaining('=*"')])
    }
  })
})
