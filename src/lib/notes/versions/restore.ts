import * as Y from 'yjs'
import { noteField } from '#shared/contracts/notes-wire.ts'
import { type Marks, piecesOf } from './note-lines.ts'

type Child = Y.XmlElement | Y.XmlText
type Parent = Y.XmlFragment | Y.XmlElement

export interface RestoreOptions {
  /** Is this letter to stay, whatever the version says? */
  isSpared: (client: number, clock: number) => boolean
  /** Where somebody's caret stands now: what it stands in stays. */
  carets: ReadonlySet<unknown>
  /** Under which the change is made, so that undo knows it. */
  origin: unknown
}

/** What a restore took away altogether, and where it stood among the note's blocks. */
export interface Removed {
  /** The element, and everything in it that can hold something. */
  types: ReadonlySet<unknown>
  at: Y.RelativePosition
}

/**
 * Makes a note say what a version of it says, as one edit: letters that stand in both stay as they are, and so do the paragraphs they stand in;
 * the others are rewritten in place, and only what nobody is in, and holds nothing that is spared, goes as a whole.
 * @returns what went as a whole: see `Rescue`
 */
export function restore(doc: Y.Doc, version: Y.Doc, options: RestoreOptions): Removed[] {
  const removed: Removed[] = []
  const root = doc.getXmlFragment(noteField)
  doc.transact(() => new Restoring(root, options, removed).children(root, version.getXmlFragment(noteField)), options.origin)
  return removed
}

class Restoring {
  readonly #root: Y.XmlFragment
  readonly #options: RestoreOptions
  readonly #removed: Removed[]

  constructor(root: Y.XmlFragment, options: RestoreOptions, removed: Removed[]) {
    this.#root = root
    this.#options = options
    this.#removed = removed
  }

  children(now: Parent, then: Parent): void {
    const wanted = childrenOf(then)
    const pairs = paired(childrenOf(now), wanted)
    let at = 0
    /** Up to the child that stays, or to the end. */
    const removeUpTo = (stays: Child | null) => {
      for (let child = now.get(at) as Child | undefined; child && child !== stays; child = now.get(at) as Child | undefined) {
        if (this.#mayGo(child)) this.#remove(now, at, child)
        else {
          this.#empty(child)
          at++
        }
      }
    }
    for (const child of wanted) {
      const own = pairs.get(child)
      if (own) {
        removeUpTo(own)
        this.#rewrite(own, child)
      } else now.insert(at, [child.clone()])
      at++
    }
    removeUpTo(null)
  }

  #rewrite(now: Child, then: Child): void {
    if (now instanceof Y.XmlText && then instanceof Y.XmlText) return this.#rewriteText(now, then)
    if (!(now instanceof Y.XmlElement) || !(then instanceof Y.XmlElement)) return
    for (const [name, value] of Object.entries(then.getAttributes()))
      if (value !== undefined && now.getAttribute(name) !== value) now.setAttribute(name, value)
    this.children(now, then)
  }

  #rewriteText(now: Y.XmlText, then: Y.XmlText): void {
    const [own, wanted] = [lettersOf(now), lettersOf(then)]
    const placeOf = alike(own, wanted)
    const delta = new Delta()
    let at = 0
    const clearUpTo = (end: number) => {
      for (; at < end; at++) delta.keepOrDelete(this.#isSpared(own[at] as Letter))
    }
    for (const [i, letter] of wanted.entries()) {
      const place = placeOf[i]
      if (place === undefined) {
        delta.insert(letter.text, letter.marks)
        continue
      }
      clearUpTo(place)
      delta.keep(changedMarks((own[place] as Letter).marks, letter.marks))
      at = place + 1
    }
    clearUpTo(own.length)
    now.applyDelta(delta.all)
  }

  #isSpared({ client, clock }: Pick<Letter, 'client' | 'clock'>): boolean {
    return this.#options.isSpared(client, clock)
  }

  #mayGo(child: Child): boolean {
    if (this.#options.carets.has(child)) return false
    if (child instanceof Y.XmlText) return !lettersOf(child).some((letter) => this.#isSpared(letter))
    const id = child._item?.id
    return !(id && child.length === 0 && this.#isSpared(id)) && childrenOf(child).every((inner) => this.#mayGo(inner))
  }

  /** What is spared stays, in what it stands in; a list item without its paragraph would not stand in any editor. */
  #empty(child: Child): void {
    if (child instanceof Y.XmlElement) return childrenOf(child).forEach((inner) => this.#empty(inner))
    const delta = new Delta()
    for (const letter of lettersOf(child)) delta.keepOrDelete(this.#isSpared(letter))
    child.applyDelta(delta.all)
  }

  #remove(from: Parent, at: number, child: Child): void {
    const types = new Set<unknown>()
    keepTypes(types, child)
    let block: Parent | Child = child
    while (block.parent && block.parent !== this.#root) block = block.parent as Parent
    const place = childrenOf(this.#root).indexOf(block as Child)
    this.#removed.push({ types, at: Y.createRelativePositionFromTypeIndex(this.#root, Math.max(0, place)) })
    from.delete(at, 1)
  }
}

/** A letter, or half of one that has two. */
interface Letter {
  text: string
  client: number
  clock: number
  marks: Marks
}

function lettersOf(text: Y.XmlText): Letter[] {
  return piecesOf(text).flatMap(({ text, client, clock, marks }) =>
    text.split('').map((letter, i) => ({ text: letter, client, clock: clock + i, marks })),
  )
}

function childrenOf(parent: Parent): Child[] {
  return parent.toArray().filter((child): child is Child => child instanceof Y.XmlElement || child instanceof Y.XmlText)
}

/** What is put into a deleted element can be told only as long as Yjs does not collect that. */
function keepTypes(types: Set<unknown>, child: Child): void {
  types.add(child)
  if (child._item) child._item.keep = true
  if (child instanceof Y.XmlElement) for (const inner of childrenOf(child)) keepTypes(types, inner)
}

const kindOf = (child: Child): string => (child instanceof Y.XmlText ? '' : child.nodeName)
const addressOf = (child: Child): string => `${child._item?.id.client}/${child._item?.id.clock}`

/** Which child of today becomes which of the version: the same one where it is still there, else the next of its kind between those. */
function paired(now: readonly Child[], then: readonly Child[]): Map<Child, Child> {
  const places = new Map(now.map((child, i) => [`${kindOf(child)} ${addressOf(child)}`, i]))
  const same = then.map((child) => places.get(`${kindOf(child)} ${addressOf(child)}`))
  const pairs = new Map<Child, Child>()
  let from = 0
  for (const [i, child] of then.entries()) {
    const end = same.slice(i).find((place) => place !== undefined && place >= from) ?? now.length
    const own = same[i]
    const place =
      own !== undefined && own >= from ? own : now.findIndex((other, at) => at >= from && at < end && kindOf(other) === kindOf(child))
    const found = now[place]
    if (!found) continue
    pairs.set(child, found)
    from = place + 1
  }
  return pairs
}

/** For each letter wanted its place among those there are, ascending: by address, or where none is the same, by how the texts begin and end. */
function alike(own: readonly Letter[], wanted: readonly Letter[]): (number | undefined)[] {
  const places = new Map(own.map(({ client, clock }, i) => [`${client}/${clock}`, i]))
  let last = -1
  const same = wanted.map(({ client, clock, text }) => {
    const place = places.get(`${client}/${clock}`)
    if (place === undefined || place <= last || own[place]?.text !== text) return undefined
    return (last = place)
  })
  return same.some((place) => place !== undefined) ? same : byEnds(own, wanted)
}

function byEnds(own: readonly Letter[], wanted: readonly Letter[]): (number | undefined)[] {
  const most = Math.min(own.length, wanted.length)
  let start = 0
  while (start < most && own[start]?.text === wanted[start]?.text) start++
  let end = 0
  while (end < most - start && own.at(-1 - end)?.text === wanted.at(-1 - end)?.text) end++
  // never between the halves of a letter
  if (start > 0 && isFirstHalf(wanted[start - 1]?.text)) start--
  if (end > 0 && isSecondHalf(wanted.at(-end)?.text)) end--
  return wanted.map((_, i) => {
    if (i < start) return i
    return i >= wanted.length - end ? own.length - (wanted.length - i) : undefined
  })
}

const isFirstHalf = (letter = ''): boolean => /^[\ud800-\udbff]$/.test(letter)
const isSecondHalf = (letter = ''): boolean => /^[\udc00-\udfff]$/.test(letter)

/** What brings one letter's marks to another's; null takes a mark off. Undefined: nothing. */
function changedMarks(now: Marks, then: Marks): Marks | undefined {
  const names = [...new Set([...Object.keys(now), ...Object.keys(then)])]
  const changed = names.filter((name) => JSON.stringify(now[name]) !== JSON.stringify(then[name]))
  return changed.length === 0 ? undefined : Object.fromEntries(changed.map((name) => [name, then[name] ?? null]))
}

interface Step {
  retain?: number
  delete?: number
  insert?: string
  attributes?: Marks
}

/** A change of a text, letter by letter, in as few steps as it takes. */
class Delta {
  readonly all: Step[] = []

  keep(attributes?: Marks): void {
    const last = this.#like(attributes)
    if (last?.retain !== undefined) last.retain++
    else this.all.push({ retain: 1, ...(attributes && { attributes }) })
  }

  insert(text: string, attributes: Marks): void {
    const last = this.#like(attributes)
    if (last?.insert !== undefined) last.insert += text
    else this.all.push({ insert: text, attributes })
  }

  keepOrDelete(isKept: boolean): void {
    if (isKept) return this.keep()
    const last = this.all.at(-1)
    if (last?.delete !== undefined) last.delete++
    else this.all.push({ delete: 1 })
  }

  /** The last step, where it has these marks. */
  #like(attributes?: Marks): Step | undefined {
    const last = this.all.at(-1)
    return JSON.stringify(last?.attributes) === JSON.stringify(attributes) ? last : undefined
  }
}
