import type { Currency } from '#shared/contracts/office.ts'
import { CreateOffice, currencies } from '#shared/contracts/office.ts'

const setupFields = ['officeName', 'language', 'currency', 'timeZone', 'name', 'email', 'password'] as const
export type SetupField = (typeof setupFields)[number]

/** The one-time code of a setup link; empty where it has none. It stands in the fragment, which no server or proxy gets to see. */
export function codeOf(hash: string): string {
  return new URLSearchParams(hash.replace(/^#/, '')).get('code') ?? ''
}

/** The fields that the contract does not take, before anything is sent. */
export function wrongFields(wanted: CreateOffice): SetupField[] {
  const parsed = CreateOffice.safeParse(wanted)
  return parsed.success ? [] : knownFields(parsed.error.issues.map((issue) => issue.path.join('.')))
}

/** Of the fields that the server names, those that stand in the form. */
export function knownFields(fields: readonly string[]): SetupField[] {
  return setupFields.filter((field) => fields.includes(field))
}

/** Each currency with its name in the reader's language. */
export function currencyChoices(locale: string): { value: Currency; label: string }[] {
  const names = new Intl.DisplayNames([locale], { type: 'currency' })
  return currencies.map((value) => ({ value, label: `${value} · ${names.of(value) ?? value}` }))
}

/** What this computer's zone suggests; euros where it says nothing. */
export function likelyCurrency(timeZone: string): Currency {
  const byZone: Record<string, Currency> = {
    'Europe/Copenhagen': 'DKK',
    'Europe/London': 'GBP',
    'Europe/Zurich': 'CHF',
    'Europe/Stockholm': 'SEK',
    'Europe/Oslo': 'NOK',
  }
  return byZone[timeZone] ?? 'EUR'
}

/** All time zones that this browser knows. */
export function timeZoneChoices(present: string): { value: string; label: string }[] {
  const zones = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', present])
  return [...zones].sort().map((value) => ({ value, label: value.replaceAll('_', ' ') }))
}
