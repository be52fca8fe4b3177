/** The largest amount a dossier takes, in cents. */
const mostCents = 1_000_000_000_000

/** An amount as it stands in the field while it is edited: plain digits, the locale's decimal sign, no grouping. Empty for null. */
export function amountDraft(cents: number | null, locale: string): string {
  if (cents === null) return ''
  const options = { useGrouping: false, minimumFractionDigits: cents % 100 === 0 ? 0 : 2, maximumFractionDigits: 2 }
  return new Intl.NumberFormat(locale, options).format(cents / 100)
}

/**
 * Reads what a person typed as an amount, grouped in any way, with a point or a comma before the cents ("1.250.000", "1 250 000,50", "€ 900").
 * Returns whole cents, null for an empty field, undefined for what is no amount.
 */
export function parseAmount(text: string): number | null | undefined {
  const plain = text.replace(/[\s\u00a0\u202f'’]|[\p{Sc}]|[A-Za-z]{2,3}\.?/gu, '')
  if (plain === '') return text.trim() === '' ? null : undefined
  const found = /^(\d[\d.,]*?)(?:[.,](\d{1,2}))?$/.exec(plain)
  if (!found) return undefined
  const [, whole = '', fraction = ''] = found
  // what is left of points and commas must be grouping: three digits after each
  if (!/^\d+$/.test(whole) && !/^\d{1,3}([.,]\d{3})+$/.test(whole)) return undefined
  const cents = Number(whole.replace(/[.,]/g, '')) * 100 + Number(fraction.padEnd(2, '0'))
  return cents <= mostCents ? cents : undefined
}
