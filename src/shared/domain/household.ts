import type { ClientFields, Partner } from '../contracts/client.ts'

type Named = { firstName: string; lastName: string }

export function personName({ firstName, lastName }: Named): string {
  return `${firstName} ${lastName}`.trim()
}

/** The partner's full name, empty where there is none today (an ex-partner or a deceased one is not part of the household). */
export function partnerNameOf(client: Pick<ClientFields, 'partner'>): string {
  const partner: Partner | null = client.partner
  return partner && partner.status === 'partner' ? personName(partner) : ''
}

/** "Arnulfo & Gayle Kuhlman", or both in full where the last names differ. Names are those of the row: client and partner. */
export function householdName(clientName: string, partnerName: string): string {
  if (!partnerName) return clientName
  const clientWords = clientName.split(' ')
  const partnerWords = partnerName.split(' ')
  let shared = 0
  while (shared < Math.min(clientWords.length, partnerWords.length) - 1 && clientWords.at(-1 - shared) === partnerWords.at(-1 - shared)) {
    shared++
  }
  // "van Veen" and "van de Veen" share a word, not the last name: a particle would be left behind
  const splitsName = [clientWords, partnerWords].some((words) => /^\p{Ll}/u.test(words.at(-1 - shared) ?? ''))
  if (shared === 0 || splitsName) return `${clientName} & ${partnerName}`
  return `${clientWords.slice(0, -shared).join(' ')} & ${partnerName}`
}
