import type { Id } from '#shared/contracts/ids.ts'
import type { Presence } from '#shared/contracts/socket.ts'

/** Who is on which dossier on other nodes. */
export interface PeopleAbroad {
  /** Tells the other nodes who is on a dossier here. */
  tellPeople(officeId: Id, dossierId: Id, people: Presence['people']): void
  people(officeId: Id, dossierId: Id): Presence['people']
  /** The dossiers of an office that somebody is on. */
  visited(officeId: Id): Id[]
}

/** Who has the office open on other nodes. */
export interface ScreensAbroad {
  /** Tells the other nodes whether a member has a screen open here. */
  tellScreen(officeId: Id, memberId: Id, isOpen: boolean): void
  hasScreen(officeId: Id, memberId: Id): boolean
}
