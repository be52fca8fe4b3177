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
  /** On other nodes. */
  abroad: readonly Somebody[]
}

/** Who is on which dossier of one office (L5), by socket; kept with the dossier's access, so that it is shown only to who may see it. */
export class PresenceBook {
  #visited = new Map<Id, Visited>()
  #at = new Map<string, Id>()

  /** Somebody went to a dossier. Returns the dossiers whose people changed. */
  enter(socketId: string, dossierId: Id, access: Access, somebody: Somebody): Id[] {
    const left = this.#at.get(socketId) === dossierId ? [] : this.leave(socketId)
    let visited = this.#visited.get(dossierId)
    if (!visited) this.#visited.set(dossierId, (visited = { access, sockets: new Map(), abroad: [] }))
    visited.access = access
    visited.sockets.set(socketId, somebody)
    this.#at.set(socketId, dossierId)
    return [...left, dossierId]
  }

  /** These are on a dossier on other nodes. */
  setAbroad(dossierId: Id, access: Access, abroad: readonly Somebody[]): void {
    const visited = this.#visited.get(dossierId)
    if (visited) Object.assign(visited, { access, abroad })
    else this.#visited.set(dossierId, { access, sockets: new Map(), abroad })
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
    const visited = this.#visited.get(dossierId)
    if (visited && visited.sockets.size + visited.abroad.length === 0) this.#visited.delete(dossierId)
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
    const people = eachOnce([...(visited?.abroad ?? []), ...(visited?.sockets.values() ?? [])])
    return { dossierId, people, access: visited?.access ?? null }
  }

  /** Who is on a dossier on this node, each member once. */
  here(dossierId: Id): Presence['people'] {
    return eachOnce([...(this.#visited.get(dossierId)?.sockets.values() ?? [])])
  }
}

/** Of whoever is there twice, where they are last. */
function eachOnce(people: readonly Somebody[]): Somebody[] {
  return [...new Map(people.map((somebody) => [somebody.memberId, somebody])).values()]
}
