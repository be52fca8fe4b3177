import { randomBytes } from 'node:crypto'

/** An adviser and a manager of the same division, so that each sees what the other does. */
const people = [
  { email: 'aimee.corsten@office.example', name: 'Aimée Corsten', role: 'adviser' },
  { email: 'davy.vanderpol@office.example', name: 'Davy van der Pol', role: 'manager' },
] as const

/** The sample office, of which nobody but these two can sign in. */
export const sampleOffice = { name: 'Office Amstel & Rhône', language: 'en', currency: 'EUR', timeZone: 'Europe/Amsterdam' } as const

/** Somebody who can sign in to the sample office. */
export type SampleAccount = (typeof people)[number] & { password: string; accountId: string }

/** Makes their accounts, with passwords of this one run. */
export async function makeAccounts(
  create: (account: { email: string; name: string; password: string }) => Promise<string | null>,
): Promise<SampleAccount[]> {
  const made: SampleAccount[] = []
  for (const person of people) {
    const password = randomBytes(9).toString('base64url')
    const accountId = await create({ email: person.email, name: person.name, password })
    if (accountId) made.push({ ...person, password, accountId })
  }
  return made
}

/** By e-mail, as an office is created with them. */
export function accountIds(made: readonly SampleAccount[]): Map<string, string> {
  return new Map(made.map(({ email, accountId }) => [email, accountId]))
}

/** Where each of them signs in: at the addresses by turns. */
export function signInLines(made: readonly SampleAccount[], addresses: readonly string[]): string[] {
  return made.map(
    ({ email, role, password }, i) => `  ${role.padEnd(8)} ${addresses[i % addresses.length]}/sign-in   ${email}   ${password}`,
  )
}
