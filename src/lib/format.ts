import { m } from '$paraglide/messages.js'
import { getLocale } from '$paraglide/runtime.js'

/** The regional form a language's figures and dates are written in. */
const regions: Record<string, string> = { en: 'en-GB', nl: 'nl-NL', da: 'da-DK', de: 'de-DE', fr: 'fr-FR' }

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

let currency = 'EUR'
let timeZone = 'UTC'
/** Made once a language, until currency or time zone change. */
const made = new Map<string, Formats>()
type Formats = ReturnType<typeof makeFormats>

/** Sets the office's currency and its time zone. Called by the office layout before anything is drawn. */
export function setFormat(next: { currency: string; timeZone: string }): void {
  currency = next.currency
  timeZone = next.timeZone
  made.clear()
}

/** In the language shown now. */
function formats(): Formats {
  const language = getLocale()
  const known = made.get(language)
  if (known) return known
  const fresh = makeFormats(regions[language] ?? language)
  made.set(language, fresh)
  return fresh
}

function makeFormats(locale: string) {
  const amount = { style: 'currency', currency } as const
  const wide = new Intl.NumberFormat(locale, { ...amount, minimumFractionDigits: 0, maximumFractionDigits: 0 })
  return {
    whole: wide,
    cents: new Intl.NumberFormat(locale, amount),
    short: new Intl.NumberFormat(locale, { ...amount, notation: 'compact', minimumFractionDigits: 0, maximumFractionDigits: 1 }),
    number: new Intl.NumberFormat(locale),
    date: new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone }),
    calendarDate: new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }),
    untilMinute: new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone }),
    dateTime: new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium', timeZone }),
    time: new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZone }),
    sign: wide.formatToParts(0).find((part) => part.type === 'currency')?.value ?? currency,
  }
}

/** An amount of cents with its currency; cents are shown where there are any. Empty for null. */
export function money(cents: number | null): string {
  if (cents === null) return ''
  return (cents % 100 === 0 ? formats().whole : formats().cents).format(cents / 100)
}

/** An amount for a head line: "127,3 M €". */
export function moneyShort(cents: number): string {
  return formats().short.format(cents / 100)
}

/** An amount without its currency, for a column whose heading names it (`currencySign`). Empty for null. */
export function amount(cents: number | null): string {
  return cents === null ? '' : formats().number.format(cents / 100)
}

export function currencySign(): string {
  return formats().sign
}

export function number(n: number): string {
  return formats().number.format(n)
}

/** A day: a calendar date as it is (`2026-11-23`), an instant in the office's time zone. */
export function date(value: string | number): string {
  return typeof value === 'number' ? formats().date.format(value) : formats().calendarDate.format(Date.parse(value))
}

export function dateTime(ms: number): string {
  return formats().dateTime.format(ms)
}

/** A day and the time to the minute: how long something holds. */
export function untilMinute(ms: number): string {
  return formats().untilMinute.format(ms)
}

/** "12:03:04" in the office's time zone. */
export function timeOfDay(at: Date): string {
  return formats().time.format(at)
}

/** How long ago: "now", "2 min", "5 h", "3 d", and the date after a month. */
export function relative(ms: number, now: number): string {
  const agoMs = now - ms
  if (agoMs < minuteMs) return m.common_now()
  if (agoMs < hourMs) return m.common_minutes_short({ n: number(Math.floor(agoMs / minuteMs)) })
  if (agoMs < dayMs) return m.common_hours_short({ n: number(Math.floor(agoMs / hourMs)) })
  return agoMs < 31 * dayMs ? m.common_days_short({ n: number(Math.floor(agoMs / dayMs)) }) : date(ms)
}

/** A number of days: "25 d", from 60 on in months: "3 mo". */
export function daysShort(days: number): string {
  return days < 60 ? m.common_days_short({ n: number(days) }) : m.common_months_short({ n: number(Math.floor(days / 30.44)) })
}
