import * as Y from 'yjs'
import type { DeleteSet, Known, Place, Struct } from './known.ts'

/** How deep elements may be nested: whoever reads, renders or collects them goes down by recursion. */
const maxDepth = 64
/** What was collected is in no place any more. */
const collected: Place = { depth: 0, key: null }

/** The place of what this document holds under this id. */
export function placeIn(doc: Y.Doc, client: number, clock: number): Place {
  const structs = doc.store.clients.get(client)
  if (!structs || clock >= Y.getState(doc.store, client)) return collected
  const struct = structs[Y.findIndexSS(structs, clock)]
  return struct instanceof Y.Item ? { depth: depthOf(struct), key: struct.parentSub } : collected
}

function depthOf(item: Y.Item): number {
  let depth = 0
  // a log may hold, from before there was a limit, what is deeper by far
  for (let at: Y.Item | null = item; at && depth <= maxDepth; depth++) at = at.parent instanceof Y.AbstractType ? at.parent._item : null
  return depth
}

interface Placed {
  end: number
  place: Place
}

/**
 * Where the structs of one update come to stand, struct by struct in the order they are integrated in. Yjs counts on attributes being a
 * chain of single values, of which all but the last are deleted; it throws when it collects one that is not.
 */
export class Placement {
  readonly #known: Known
  readonly #deleted: DeleteSet
  readonly #placed = new Map<number, Placed[]>()

  /** @param deleted what the same update deletes */
  constructor(known: Known, deleted: DeleteSet) {
    this.#known = known
    this.#deleted = deleted
  }

  /** Places the next struct. Returns what is wrong with it, or null. */
  add(struct: Struct): string | null {
    if (struct instanceof Y.Skip) return null
    const right = struct instanceof Y.Item && struct.rightOrigin ? this.#at(struct.rightOrigin) : null
    const place = struct instanceof Y.Item ? this.#place(struct, right) : collected
    const placed = this.#placed.get(struct.id.client) ?? []
    this.#placed.set(struct.id.client, placed)
    placed.push({ end: struct.id.clock + struct.length, place })
    return struct instanceof Y.Item ? this.#wrong(struct, place, right) : null
  }

  #place(item: Y.Item, right: Place | null): Place {
    const left = item.origin ? this.#at(item.origin) : null
    const neighbour = left ?? right
    if (neighbour) return { depth: Math.max(neighbour.depth, right?.depth ?? 0), key: neighbour.key }
    const parent: unknown = item.parent
    return { depth: parent instanceof Y.ID ? this.#at(parent).depth + 1 : 1, key: item.parentSub }
  }

  #wrong(item: Y.Item, { depth, key }: Place, right: Place | null): string | null {
    if (item.content instanceof Y.ContentType && depth > maxDepth) return 'nested too deeply'
    if (key === null) return right && right.key !== null ? 'a neighbour that is an attribute' : null
    return !item.rightOrigin && this.#isValue(item) ? null : 'no value of an attribute'
  }

  /** One value; or several that are deleted, which Yjs sends as one. */
  #isValue({ id, length, content }: Y.Item): boolean {
    if (content instanceof Y.ContentDeleted) return true
    if (!(content instanceof Y.ContentAny)) return false
    if (length === 1) return true
    for (let i = 0; i < length; i++) if (!Y.isDeleted(this.#deleted, Y.createID(id.client, id.clock + i))) return false
    return true
  }

  #at({ client, clock }: Y.ID): Place {
    if (clock < this.#known.clock(client)) return this.#known.place(client, clock)
    const placed = this.#placed.get(client) ?? []
    let [low, high] = [0, placed.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((placed[middle]?.end ?? 0) > clock) high = middle
      else low = middle + 1
    }
    return placed[low]?.place ?? collected
  }
}
