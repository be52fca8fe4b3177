import * as Y from 'yjs'
import type { Id } from '#shared/contracts/ids.ts'
import type { Disk } from './disk.ts'
import type { OpenPage } from './person.ts'

/** So long after the last letter was sent it lies on the disk, if nothing goes wrong, in milliseconds. */
const storedWithinMs = 150

/** Somebody in a note; null: everybody, every note. */
interface Place {
  person: Id | null
  note: Id | null
}

interface Left {
  person: Id
  note: Id
  client: number
  clock: number
  at: number
}

/** Watches over those who leave a note without waiting for "saved": on a calm day what they sent is stored all the same. */
export class Leavers {
  readonly #disk: Disk
  #left: Left[] = []
  #troubles: (Place & { until: number })[] = []

  constructor(disk: Disk) {
    this.#disk = disk
  }

  /** Something goes wrong there, and may be noticed until this moment only: who is under way there is not watched any more. */
  trouble(place: Place, until: number): void {
    this.#troubles = [...this.#troubles.filter((trouble) => Date.now() < trouble.until), { ...place, until }]
    this.#left = this.#left.filter((left) => !concerns(place, left))
  }

  /** Somebody is about to close this page. */
  leaves(person: Id, { note, session: { doc, status } }: OpenPage): void {
    const isCalm = !this.#troubles.some((trouble) => Date.now() < trouble.until && concerns(trouble, { person, note }))
    if (!doc || !isCalm || (status.state !== 'saved' && status.state !== 'unsaved')) return
    this.#left.push({ person, note, client: doc.clientID, clock: Y.getState(doc.store, doc.clientID), at: Date.now() })
  }

  /** What should be stored by now and is not. */
  judge(): string[] {
    const [due, others] = [this.#left.filter(isDue), this.#left.filter((left) => !isDue(left))]
    this.#left = others
    return due
      .filter(({ note, client, clock }) => Y.getState(this.#disk.note(note).whole.store, client) < clock)
      .map(({ note, person }) => `${note}: what ${person} sent before they left is not stored`)
  }
}

const isDue = ({ at }: Left) => Date.now() >= at + storedWithinMs
const concerns = (place: Place, { person, note }: { person: Id; note: Id }) =>
  (place.person ?? person) === person && (place.note ?? note) === note
