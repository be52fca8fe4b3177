import type { Access } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Place, Presence } from '#shared/contracts/socket.ts'

interface Somebody {
  memberId: Id
  place: Place
}

interface Visited {
  access: Access
  sockets: Map<string, Somebody>
}

/** Who is on which dossier of one office (L5), by socket; kept with the dossier's access, so that it is shown only to who may see it. */
export class PresenceBook {
  #visited = new Map<Id, Visited>()
  #at = new Map<string, Id>()

  /** Somebody went to a dossier. Returns the dossiers whose people changed. */
  enter(socketId: string, dossierId: Id, access: Access, somebody: Somebody): Id[] {
    const left = this.#at.get(socketId) === dossierId ? [] : this.leave(socketId)
    let visited = this.#visited.get(dossierId)
    if (!visited) this.#visited.set(dossierId, (visited = { access, sockets: new Map() }))
    visited.access = access
    visited.sockets.set(socketId, somebody)
    this.#at.set(socketId, dossierId)
    return [...left, dossierId]
  }

  leave(socketId: string): Id[] {
    const dossierId = this.#at.get(socketId)
    if (dossierId === undefined) return []
    this.#at.delete(socketId)
    // an emptied dossier stays, with its access, until it was shown that nobody is there (`prune`)
    this.#visited.get(dossierId)?.sockets.delete(socketId)
    return [dossierId]
  }

  /** Forgets a dossier that nobody is on. */
  prune(dossierId: Id): void {
    if (this.#visited.get(dossierId)?.sockets.size === 0) this.#visited.delete(dossierId)
  }

  /** The dossier's access changed: returns it where somebody is on it. */
  accessChanged(dossierId: Id, access: Access): Id[] {
    const visited = this.#visited.get(dossierId)
    if (!visited) return []
    visited.access = access
    return [dossierId]
  }

  /** Sockets on a dossier. */
  socketsOn(dossierId: Id): string[] {
    return [...(this.#visited.get(dossierId)?.sockets.keys() ?? [])]
  }

  /** The dossiers somebody is on. */
  dossiers(): Id[] {
    return [...this.#visited.keys()]
  }

  /** Who is on a dossier (each member once) and who may know; null access where it is not known. */
  people(dossierId: Id): Presence & { access: Access | null } {
    const visited = this.#visited.get(dossierId)
    const people = new Map<Id, Somebody>()
    for (const somebody of visited?.sockets.values() ?? []) people.set(somebody.memberId, somebody)
    return { dossierId, people: [...people.values()], access: visited?.access ?? null }
  }
}
