import type { Id } from '#shared/contracts/ids.ts'
import type { WriterState } from '#shared/contracts/notes-wire.ts'
import type { Presence } from '#shared/contracts/socket.ts'
import type { PeopleAbroad, ScreensAbroad } from '../gateway/people-abroad.ts'
import type { Log } from '../log.ts'
import type { Abroad } from '../rooms/company.ts'
import type { Passing, PassingHeard } from '../store/passing.ts'
import { Neighbours } from './neighbours.ts'

interface ElsewhereOptions {
  /** The id of this node. */
  node: string
  log: Log
  /** Other people are on a dossier on other nodes than before. */
  onPeople: (officeId: Id, dossierId: Id) => void
  /** A caret of another node stands there now; null: it left. */
  onCaret: (officeId: Id, note: Id, clientId: number, state: WriterState | null) => void
}

const kinds = { people: 'people', caret: 'caret', screen: 'screen' } as const

/** Who has a screen open, is on which dossier, and whose caret stands where in a note, on the other nodes; and what they are told of this one. */
export class Elsewhere implements Abroad, PeopleAbroad, ScreensAbroad {
  readonly #neighbours: Neighbours

  constructor({ node, log, onPeople, onCaret }: ElsewhereOptions) {
    this.#neighbours = new Neighbours({
      node,
      log,
      onSaid: (_node, subject, value) => {
        const [officeId = '', kind, id = '', clientId] = subject.split('/')
        if (kind === kinds.people) onPeople(officeId, id)
        else if (kind === kinds.caret) onCaret(officeId, id, Number(clientId), value === null ? null : (JSON.parse(value) as WriterState))
      },
    })
  }

  /** Resolves when it is known who is where. `open` gives null where there are no other nodes. */
  join(open: (heard: PassingHeard) => Promise<Passing | null>): Promise<void> {
    return this.#neighbours.join(open)
  }

  tell({ officeId, note }: { officeId: Id; note: Id }, clientId: number, state: WriterState | null): void {
    this.#neighbours.say(`${officeId}/${kinds.caret}/${note}/${clientId}`, state && JSON.stringify(state))
  }

  carets({ officeId, note }: { officeId: Id; note: Id }): { clientId: number; state: WriterState }[] {
    const prefix = `${officeId}/${kinds.caret}/${note}/`
    return [...this.#neighbours.heardOf(prefix)].map(({ subject, value }) => ({
      clientId: Number(subject.slice(prefix.length)),
      state: JSON.parse(value) as WriterState,
    }))
  }

  tellPeople(officeId: Id, dossierId: Id, people: Presence['people']): void {
    this.#neighbours.say(`${officeId}/${kinds.people}/${dossierId}`, people.length > 0 ? JSON.stringify(people) : null)
  }

  people(officeId: Id, dossierId: Id): Presence['people'] {
    const subject = `${officeId}/${kinds.people}/${dossierId}`
    return [...this.#neighbours.heardOf(subject)].flatMap(({ value }) => JSON.parse(value) as Presence['people'])
  }

  visited(officeId: Id): Id[] {
    const prefix = `${officeId}/${kinds.people}/`
    return [...new Set([...this.#neighbours.heardOf(prefix)].map(({ subject }) => subject.slice(prefix.length)))]
  }

  tellScreen(officeId: Id, memberId: Id, isOpen: boolean): void {
    this.#neighbours.say(`${officeId}/${kinds.screen}/${memberId}`, isOpen ? 'open' : null)
  }

  hasScreen(officeId: Id, memberId: Id): boolean {
    return [...this.#neighbours.heardOf(`${officeId}/${kinds.screen}/${memberId}`)].length > 0
  }

  /** Nobody is here any more. */
  close(): Promise<void> {
    return this.#neighbours.close()
  }
}
