import * as Y from 'yjs'
import { isAttribute, isMark, noteElements, noteRoot } from '#shared/contracts/note-contents.ts'
import type { DeleteSet, Holder, Known, Place, Struct } from './known.ts'

/** How deep elements may be nested: whoever reads, renders or collects them goes down by recursion. */
const maxDepth = 64
/** What was collected is in no place any more. */
const collected: Place = { depth: 0, key: null, holder: null, parent: null, self: null }

/** The place of what this document holds under this id. */
export function placeIn(doc: Y.Doc, client: number, clock: number): Place {
  const structs = doc.store.clients.get(client)
  if (!structs || clock >= Y.getState(doc.store, client)) return collected
  const struct = structs[Y.findIndexSS(structs, clock)]
  if (!(struct instanceof Y.Item)) return collected
  const { parent, parentSub: key } = struct
  return { depth: depthOf(struct), key, holder: holderOf(parent), parent: addressOf(parent), self: selfOf(struct) }
}

function addressOf(parent: unknown): string | null {
  if (parent instanceof Y.ID) return `${parent.client}/${parent.clock}`
  if (!(parent instanceof Y.AbstractType)) return null
  return parent._item ? addressOf(parent._item.id) : rootName(parent)
}

/** Of each text, found once: a document may hold thousands. */
const rootNames = new WeakMap<object, string>()

function rootName(root: Y.AbstractType<unknown>): string {
  const name = rootNames.get(root) ?? Y.findRootTypeKey(root)
  rootNames.set(root, name)
  return name
}

function holderOf(parent: unknown): Holder {
  if (parent instanceof Y.XmlElement) return { kind: 'element', name: parent.nodeName }
  if (parent instanceof Y.XmlText) return { kind: 'text' }
  // one that nobody has asked for yet is of no kind in particular
  return parent instanceof Y.AbstractType && !parent._item ? { kind: 'root' } : null
}

function selfOf({ content }: Y.Item): Holder {
  return content instanceof Y.ContentType ? holderOf(content.type) : null
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
  readonly #judgesContents: boolean
  readonly #placed = new Map<number, Placed[]>()

  /**
   * @param deleted what the same update deletes
   * @param judgesContents whether only what the editor writes may stand where it stands; else only what Yjs can integrate
   */
  constructor(known: Known, deleted: DeleteSet, judgesContents: boolean) {
    this.#known = known
    this.#deleted = deleted
    this.#judgesContents = judgesContents
  }

  /** Places the next struct. Returns what is wrong with it, or null. */
  add(struct: Struct): string | null {
    if (struct instanceof Y.Skip) return null
    const left = struct instanceof Y.Item && struct.origin ? this.#at(struct.origin) : null
    const right = struct instanceof Y.Item && struct.rightOrigin ? this.#at(struct.rightOrigin) : null
    // whoever reads the note later puts it elsewhere, or nowhere, once one of the two was collected
    if (left && right && left.parent !== right.parent) return 'neighbours that are none'
    const place = struct instanceof Y.Item ? this.#place(struct, left, right) : collected
    const placed = this.#placed.get(struct.id.client) ?? []
    this.#placed.set(struct.id.client, placed)
    placed.push({ end: struct.id.clock + struct.length, place })
    if (!(struct instanceof Y.Item)) return null
    return this.#wrong(struct, place, right) ?? (this.#judgesContents ? wrongContents(struct, place) : null)
  }

  #place(item: Y.Item, left: Place | null, right: Place | null): Place {
    const neighbour = left ?? right
    const self = selfOf(item)
    if (neighbour) return { ...neighbour, self }
    const { parentSub: key } = item
    const parent: unknown = item.parent
    if (typeof parent === 'string') return { depth: 1, key, holder: { kind: 'root' }, parent, self }
    if (!(parent instanceof Y.ID)) return { ...collected, self }
    const above = this.#at(parent)
    return { depth: above.depth + 1, key, holder: above.self, parent: above.self && addressOf(parent), self }
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

/** An editor deletes what it cannot place, often with what stands around it: text at the root, a block in a paragraph, an unknown mark. */
function wrongContents({ content }: Y.Item, { key, holder, self }: Place): string | null {
  // what is deleted shows nowhere, and what stands in nothing is collected at once
  if (content instanceof Y.ContentDeleted || !holder) return null
  if (key !== null) {
    const isKnown =
      holder.kind === 'element' && content instanceof Y.ContentAny && content.arr.every((value) => isAttribute(holder.name, key, value))
    return isKnown ? null : 'an attribute the editor does not know there'
  }
  if (content instanceof Y.ContentType) return mayStandIn(holder, self) ? null : 'an element where the editor has none'
  if (holder.kind !== 'text') return 'text outside a paragraph'
  if (content instanceof Y.ContentFormat) return isMark(content.key, content.value) ? null : 'a mark the editor does not know'
  return content instanceof Y.ContentString ? null : 'content the editor does not write'
}

function mayStandIn(holder: NonNullable<Holder>, self: Holder): boolean {
  if (holder.kind === 'text' || !self) return false
  const contents = holder.kind === 'root' ? noteRoot : Object.hasOwn(noteElements, holder.name) ? noteElements[holder.name] : undefined
  if (!contents) return false
  return self.kind === 'element' ? contents.elements.includes(self.name) : self.kind === 'text' && contents.text
}
