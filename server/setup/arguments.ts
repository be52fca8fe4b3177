import { parseArgs } from 'node:util'
import { z } from 'zod'
import { Language, languages } from '#shared/contracts/language.ts'
import { Email } from '#shared/contracts/member.ts'
import { currencies, Currency, TimeZone } from '#shared/contracts/office.ts'
import { PersonName } from '#shared/contracts/person-name.ts'
import { type Place, placeOf } from '../keep/place.ts'

/** An argument is missing or wrong; the message names it and what it may be. */
export class WrongArguments extends Error {
  override name = 'WrongArguments'
}

export const createOfficeHelp = `Makes another office on this server and prints the link by which its first admin joins (7 days, once).
It may be run while the server runs. DATA_DIR, PORT and PUBLIC_URL are those of the server.

  npm run office:create -- --name NAME --admin-name NAME --admin-email ADDRESS [options]

  --name         the office's name
  --admin-name   the first admin's name
  --admin-email  the address they will sign in with
  --language     ${languages.join(', ')} (default: en)
  --currency     ${currencies.join(', ')} (default: EUR)
  --time-zone    for example Europe/Amsterdam (default: this machine's)
  --help         this text`

export const resetAdminHelp = `Prints a link by which an admin sets a new password (1 hour, once); it ends all their sessions.
An admin who has not joined yet gets a new invitation (7 days). It may be run while the server runs.
DATA_DIR, PORT and PUBLIC_URL are those of the server.

  npm run reset-admin -- ADDRESS

  --help         this text`

export const copyStoreHelp = `Copies a store with its accounts and sessions to an empty place, and compares both in the end.
No server may run on either. A copy that was broken off is gone on with by the same command.

  npm run store:copy -- --from PLACE --to PLACE [--anew]

  PLACE     sqlite:FOLDER, a data folder, or mongodb://…/DATABASE, a replica set
  --anew    throw an unfinished copy away, and begin from the first
  --help    this text`

const NewOfficeArguments = z.object({
  name: PersonName,
  'admin-name': PersonName,
  'admin-email': Email,
  language: Language.default('en'),
  currency: Currency.default('EUR'),
  'time-zone': TimeZone.optional(),
})

/** What `office:create` was asked for; null: only for its help. Throws `WrongArguments`. */
export function readNewOffice(given: readonly string[], machinesTimeZone: string) {
  const text = { type: 'string' } as const
  const options = {
    name: text,
    'admin-name': text,
    'admin-email': text,
    language: text,
    currency: text,
    'time-zone': text,
    help: { type: 'boolean' },
  } as const
  const { values } = read(() => parseArgs({ args: [...given], options, strict: true, allowPositionals: false }))
  if (values.help) return null
  const { name, 'admin-name': adminName, 'admin-email': email, ...rest } = checked(NewOfficeArguments, values, (field) => `--${field}`)
  const office = { name, language: rest.language, currency: rest.currency, timeZone: rest['time-zone'] ?? machinesTimeZone }
  return { office, admin: { name: adminName, email } }
}

/** Whose link `reset-admin` was asked for; null: only for its help. Throws `WrongArguments`. */
export function readAdminAddress(given: readonly string[]): string | null {
  const options = { help: { type: 'boolean' } } as const
  const { values, positionals } = read(() => parseArgs({ args: [...given], options, strict: true, allowPositionals: true }))
  if (values.help) return null
  if (positionals.length > 1) throw new WrongArguments(`ADDRESS: one, not ${positionals.length}`)
  return checked(z.object({ ADDRESS: Email }), { ADDRESS: positionals[0] }, (field) => field).ADDRESS
}

const PlaceArgument = z.string().transform((text, context) => {
  const place = placeOf(text)
  if (!place) context.addIssue('is sqlite:FOLDER or mongodb://…/DATABASE')
  return place ?? z.NEVER
})

/** What `store:copy` was asked for; null: only for its help. Throws `WrongArguments`. */
export function readCopy(given: readonly string[]): { from: Place; to: Place; anew: boolean } | null {
  const options = { from: { type: 'string' }, to: { type: 'string' }, anew: { type: 'boolean' }, help: { type: 'boolean' } } as const
  const { values } = read(() => parseArgs({ args: [...given], options, strict: true, allowPositionals: false }))
  if (values.help) return null
  const { from, to } = checked(z.object({ from: PlaceArgument, to: PlaceArgument }), values, (field) => `--${field}`)
  return { from, to, anew: values.anew ?? false }
}

function read<T>(parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    throw new WrongArguments(error instanceof Error ? error.message : String(error))
  }
}

function checked<S extends z.ZodType>(schema: S, values: Record<string, unknown>, named: (field: string) => string): z.output<S> {
  const parsed = schema.safeParse(values)
  if (parsed.success) return parsed.data
  const lines = parsed.error.issues.map(({ path: [field = ''], message }) => {
    const name = String(field)
    return `${named(name)}: ${values[name] === undefined ? 'is missing' : message}`
  })
  throw new WrongArguments(lines.join('\n'))
}
