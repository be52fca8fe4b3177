import type { Refusal } from '#shared/contracts/refusals.ts'
import { weakness } from '#shared/domain/password.ts'

/** The common passwords that are long enough to be chosen at all, in lower case; read once, when the first is judged. */
let common: Promise<ReadonlySet<string>> | null = null

async function readCommon(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  return new Set(dictionary['passwords-common'].map((password) => String(password).toLowerCase()))
}

/**
 * The rule for every new password: 10 to 200 characters, none of the common ones in whatever case, and more than what is known of the
 * person (`personalWords`). Null: good enough.
 */
export async function refusePassword(password: string, personal: readonly string[]): Promise<Refusal | null> {
  const reason = weakness(password, personal) ?? ((await isCommon(password)) ? 'common' : null)
  return reason && { code: 'weakPassword', reason }
}

async function isCommon(password: string): Promise<boolean> {
  const lower = password.toLowerCase()
  if (new Set(lower).size === 1) return true
  return (await (common ??= readCommon())).has(lower)
}
