import type { Id } from '#shared/contracts/ids.ts'
import type { WriterState } from '#shared/contracts/notes-wire.ts'
import { type Caret, Carets } from './carets.ts'
import { awareness } from './messages.ts'
import type { Participant } from './participant.ts'

/** The same note on other nodes. */
export interface Abroad {
  /** Tells them where a caret of this node stands; null: it left. */
  tell(place: { officeId: Id; note: Id }, clientId: number, state: WriterState | null): void
  /** Where carets of other nodes stand now. */
  carets(place: { officeId: Id; note: Id }): { clientId: number; state: WriterState }[]
}

/** Who is in a note and where: those who sit here, and those of other nodes. */
export class Company {
  readonly #carets: Carets<Participant | 'abroad'>
  readonly #place: { officeId: Id; note: Id }
  readonly #abroad: Abroad | undefined
  /** All who sit here. */
  readonly #participants: ReadonlySet<Participant>

  constructor(participants: ReadonlySet<Participant>, place: { officeId: Id; note: Id }, now: () => number, abroad: Abroad | undefined) {
    this.#participants = participants
    this.#place = place
    this.#abroad = abroad
    this.#carets = new Carets(now)
    for (const { clientId, state } of abroad?.carets(place) ?? []) this.hear(clientId, state)
  }

  /** Shows who is there to one who comes. */
  greet(participant: Participant): void {
    const others = this.#carets.others(participant.clientId)
    if (others) participant.send(awareness(others))
  }

  /** Takes what a client says about its own caret. */
  take(participant: Participant, said: { cursor: Caret | undefined }): void {
    const { clientId, person } = participant
    this.#show(clientId, this.#carets.take(participant, clientId, person, said))
    this.#abroad?.tell(this.#place, clientId, this.#carets.stateOf(clientId))
  }

  leave(participant: Participant): void {
    const { clientId } = participant
    const left = this.#carets.leave(participant, clientId)
    if (!left) return
    this.#show(clientId, left)
    this.#abroad?.tell(this.#place, clientId, null)
    // a tab that went to another node is heard of there before its line here is gone
    const moved = this.#abroad?.carets(this.#place).find((caret) => caret.clientId === clientId)
    if (moved) this.hear(clientId, moved.state)
  }

  /** A caret of another node; null: it left. Whoever has come here meanwhile stays. */
  hear(clientId: number, state: WriterState | null): void {
    if ([...this.#participants].some((participant) => participant.clientId === clientId)) return
    this.#show(clientId, state ? this.#carets.put('abroad', clientId, state) : this.#carets.leave('abroad', clientId))
  }

  /** The kept states of the note are others now. */
  tellVersions(): void {
    for (const participant of this.#participants) participant.tellVersions()
  }

  #show(clientId: number, carets: Uint8Array | null): void {
    if (!carets) return
    const message = awareness(carets)
    for (const other of this.#participants) if (other.clientId !== clientId) other.send(message)
  }
}
