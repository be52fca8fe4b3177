import type { ImportFile } from '#shared/contracts/import.ts'

const required = (name: string) => ({ name, required: true })
const optional = (name: string) => ({ name, required: false })

/** What a file of each kind may hold, as its headings are spelt in the plainest case; said before a file is there. */
export const knownColumns: Record<ImportFile, readonly { name: string; required: boolean }[]> = {
  members: [...['email', 'name', 'role'].map(required), ...['divisions', 'language'].map(optional)],
  clients: [
    ...['client_ref', 'last_name'].map(required),
    ...['first_name', 'birth_date', 'email', 'phone', 'street', 'postcode', 'city', 'language'].map(optional),
    ...['partner_first_name', 'partner_last_name', 'partner_birth_date', 'partner_status', 'partner_status_date'].map(optional),
    ...['children', 'advice_for', 'owner_email', 'division'].map(optional),
  ],
  dossiers: [
    ...['number', 'client_ref', 'title', 'status', 'stage', 'created_on'].map(required),
    ...[
      'kind',
      'subject',
      'owner_email',
      'owner',
      'division',
      'amount',
      'provenance',
      'introducer',
      'complete',
      'abandon_reason',
      'note',
    ].map(optional),
  ],
}
