import { z } from 'zod'
import { CommentRule } from './comment.ts'
import type { Division } from './division.ts'
import { Id } from './ids.ts'
import { Language } from './language.ts'
import type { Member } from './member.ts'
import type { Owner } from './owner.ts'
import { PersonName } from './person-name.ts'
import type { Stage } from './stage.ts'

export const currencies = ['EUR', 'DKK', 'GBP', 'CHF', 'SEK', 'NOK', 'USD'] as const
export const Currency = z.enum(currencies)
export type Currency = z.infer<typeof Currency>

export const TimeZone = z.string().max(60).refine(isTimeZone, 'not a time zone, for example Europe/Amsterdam')

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/** "Who sees what": everyone sees all, or each their own (divisions, owned, reader). Admins see all. */
export const SeesWhat = z.enum(['everyone', 'own'])
export type SeesWhat = z.infer<typeof SeesWhat>

export interface Office {
  id: Id
  name: string
  language: Language
  currency: Currency
  timeZone: string
  /** S0.8: off means that any owner in the directory may receive. */
  divisionsOn: boolean
  seesWhat: SeesWhat
  /** S4.13: the rules that write no comments here; absent: all do. */
  commentRulesOff?: CommentRule[] | undefined
}

/** What everyone in the office may know and every screen needs: settings, people, divisions, stages. Small, held whole. */
export interface Frame {
  office: Office
  members: Member[]
  owners: Owner[]
  divisions: Division[]
  stages: Stage[]
}

/** Fields absent from the command stay as they are. Admins only. */
export const ChangeSettings = z.strictObject({
  type: z.literal('office.changeSettings'),
  name: PersonName.optional(),
  language: Language.optional(),
  timeZone: TimeZone.optional(),
  divisionsOn: z.boolean().optional(),
  seesWhat: SeesWhat.optional(),
  commentRulesOff: z.array(CommentRule).optional(),
})
export type ChangeSettings = z.infer<typeof ChangeSettings>

export type OfficeFields = Pick<Office, 'name' | 'language' | 'timeZone' | 'divisionsOn' | 'seesWhat'> & { commentRulesOff: CommentRule[] }

export interface SettingsChanged {
  type: 'office.settingsChanged'
  fields: { [F in keyof OfficeFields]?: [before: OfficeFields[F], after: OfficeFields[F]] }
}

/** The first event of an office: everything the frame begins with. Later screens read the frame, not this. */
export interface OfficeCreated {
  type: 'office.created'
  frame: Frame
}

/** What creating an office asks for (the page behind the one-time link). */
export const CreateOffice = z.strictObject({
  code: z.string().min(1).max(100),
  officeName: PersonName,
  language: Language,
  currency: Currency,
  timeZone: TimeZone,
  name: PersonName,
  email: z.email().max(200),
  password: z.string().min(10).max(200),
  withSample: z.boolean(),
})
export type CreateOffice = z.infer<typeof CreateOffice>
