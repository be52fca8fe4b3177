import type { Client } from '#shared/contracts/client.ts'
import type { Comment } from '#shared/contracts/comment.ts'
import type { ClientEdited } from '#shared/contracts/client-edit.ts'
import type { Dossier } from '#shared/contracts/dossier.ts'
import type { Happening, OfficeEvent, Stamped } from '#shared/contracts/events.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { MemberFields } from '#shared/contracts/member.ts'
import type { Mention } from '#shared/contracts/mention.ts'
import type { NoteId } from '#shared/contracts/note-id.ts'
import type { Frame } from '#shared/contracts/office.ts'
import { type Actor, maySee } from '#shared/domain/access.ts'
import { applyToFrame } from '#shared/domain/apply.ts'
import type { Commit, Drop, FewKind, Put, RecordKind, Records, Store } from '../store/store.ts'

/** How many dossiers are read at once. */
const sliceSize = 2_000
const byNumber = { by: 'number', descending: false } as const

/** What one command wants written; forgotten when it is refused. */
interface Draft {
  events: OfficeEvent[]
  puts: Map<string, Put>
  drops: Map<string, Drop>
  fences: Set<Id> | 'all'
  bulk: Large | null
}

/** Records too many to be handed on as objects (`Commit.bulk`). Only in a batch of its own: nothing after it would see them. */
export type Large = Pick<Commit, 'bulk' | 'onProgress'>

const emptyDraft = (): Draft => ({ events: [], puts: new Map(), drops: new Map(), fences: new Set(), bulk: null })

/**
 * The office as a batch of commands sees it: the store, plus what the accepted commands before it in the same batch wrote.
 * Numbers are given out here, on the condition (`Commit.expect`) that the office's number has not moved when the batch is committed.
 */
export class View {
  readonly officeId: Id
  readonly #store: Store
  readonly #base: number
  #baseFrame: Frame
  #accepted = emptyDraft()
  #draft = emptyDraft()
  #frame: Frame
  /** Dossiers read before a command asks for them; null: there is none. */
  #prepared = new Map<Id, Dossier | null>()
  /** Those read from the store: what happened stays as it is. */
  #events = new Map<number, OfficeEvent | null>()

  constructor(store: Store, officeId: Id, number: number, frame: Frame) {
    this.#store = store
    this.officeId = officeId
    this.#base = number
    this.#baseFrame = frame
    this.#frame = frame
  }

  get frame(): Frame {
    return this.#frame
  }

  async get<K extends RecordKind>(kind: K, id: Id): Promise<Records[K] | null> {
    const key = `${kind}/${id}`
    for (const { puts, drops } of [this.#draft, this.#accepted]) {
      const put = puts.get(key)
      // a put under this key is of this kind
      if (put) return put.record as Records[K]
      if (drops.has(key)) return null
    }
    // a dossier under this kind is of this kind
    if (kind === 'dossier' && this.#prepared.has(id)) return this.#prepared.get(id) as Records[K] | null
    return this.#store.get(this.officeId, kind, id)
  }

  /** Has these dossiers ready for the commands that follow: one question to the store in the place of one each. */
  async prepare(dossierIds: readonly Id[]): Promise<void> {
    const wanted = new Set(dossierIds)
    if (wanted.size < 2) return
    for (const id of wanted) this.#prepared.set(id, null)
    for (const dossier of await this.#store.many(this.officeId, 'dossier', [...wanted])) this.#prepared.set(dossier.id, dossier)
  }

  /** Those of these ids that exist, this batch's writes included, by id. */
  async many<K extends 'client' | 'dossier'>(kind: K, ids: readonly Id[]): Promise<Map<Id, Records[K]>> {
    const wanted = new Set(ids)
    const byId = new Map((await this.#store.many(this.officeId, kind, [...wanted])).map((record) => [record.id, record]))
    for (const { puts, drops } of [this.#accepted, this.#draft]) {
      for (const drop of drops.values()) if (drop.kind === kind) byId.delete(drop.id)
      for (const put of puts.values()) {
        // a put of this kind holds a record of this kind
        if (put.kind === kind && wanted.has(put.record.id)) byId.set(put.record.id, put.record as Records[K])
      }
    }
    return byId
  }

  /** All records of a small kind, this batch's included, in no order. */
  async all<K extends FewKind>(kind: K): Promise<Records[K][]> {
    return this.#overlaid(kind, await this.#store.all(this.officeId, kind), () => true)
  }

  /** Every comment on a dossier, deleted ones included, in no order. */
  async commentsOf(dossierId: Id): Promise<Comment[]> {
    const stored = await this.#store.comments(this.officeId, dossierId)
    return this.#overlaid('comment', stored, (comment) => comment.dossierId === dossierId)
  }

  /** What a member was mentioned in and has not seen, in no order. */
  async mentionsOf(memberId: Id): Promise<Mention[]> {
    const stored = await this.#store.mentionsOf(this.officeId, memberId)
    return this.#overlaid('mention', stored, (mention) => mention.memberId === memberId && mention.seenAt === null)
  }

  /** A document of live text as it is stored, as updates. */
  async noteUpdates(note: NoteId): Promise<Uint8Array[]> {
    const { snapshot, updates } = await this.#store.note(this.officeId, note)
    return [...(snapshot ? [snapshot.bytes] : []), ...updates.map(({ bytes }) => bytes)]
  }

  /** What was read of a kind, with this batch's writes over it: those of its kind that belong to it. */
  #overlaid<K extends RecordKind>(kind: K, stored: Records[K][], belongs: (record: Records[K]) => boolean): Records[K][] {
    const byId = new Map(stored.map((record) => [record.id, record]))
    for (const { puts, drops } of [this.#accepted, this.#draft]) {
      for (const drop of drops.values()) if (drop.kind === kind) byId.delete(drop.id)
      for (const put of puts.values()) {
        if (put.kind !== kind) continue
        byId.delete(put.record.id)
        // a put of this kind holds a record of this kind
        const record = put.record as Records[K]
        if (belongs(record)) byId.set(record.id, record)
      }
    }
    return [...byId.values()]
  }

  put<K extends RecordKind>(kind: K, record: Records[K] & { id: Id }): void {
    this.#draft.drops.delete(`${kind}/${record.id}`)
    this.#draft.puts.set(`${kind}/${record.id}`, { kind, record } as unknown as Put)
  }

  drop(kind: RecordKind, id: Id): void {
    this.#draft.puts.delete(`${kind}/${id}`)
    this.#draft.drops.set(`${kind}/${id}`, { kind, id })
  }

  /** Records that are written with this commit without anybody looking at them here. */
  write(large: Large): void {
    this.#draft.bulk = large
  }

  /** The number the next event will have. */
  get next(): number {
    return this.#base + this.#accepted.events.length + this.#draft.events.length + 1
  }

  emit(happening: Happening, stamp: Omit<Stamped, 'n'>): OfficeEvent {
    const event: OfficeEvent = { ...happening, ...stamp, n: this.next }
    this.#draft.events.push(event)
    this.#frame = applyToFrame(this.#frame, event)
    return event
  }

  /** Notes whose access this command changes; `'all'` where a member's reach does. */
  fence(notes: readonly Id[] | 'all'): void {
    if (notes === 'all' || this.#draft.fences === 'all') this.#draft.fences = 'all'
    else for (const note of notes) this.#draft.fences.add(note)
  }

  /** An event by its number, this batch's included. */
  async event(n: number): Promise<OfficeEvent | null> {
    const own = [...this.#accepted.events, ...this.#draft.events].find((e) => e.n === n)
    if (own) return own
    // a change of many is overtaken by one and the same event many times over
    let event = this.#events.get(n)
    if (event === undefined) this.#events.set(n, (event = (await this.#store.events(this.officeId, n - 1, 1))[0] ?? null))
    return event
  }

  /** Who last set this field of a member; null: it stands as they came. */
  async lastToSet(memberId: Id, field: keyof MemberFields): Promise<Id | null> {
    const sets = (e: OfficeEvent) => e.type === 'member.changed' && e.memberId === memberId && e.fields[field] !== undefined
    const found = this.#accepted.events.findLast(sets) ?? (await this.#store.history(this.officeId, memberId, 100)).find(sets)
    return found?.by ?? null
  }

  /** The newest event after a number, this batch's included, that this is true of. */
  async lastAfter(n: number, isIt: (event: OfficeEvent) => boolean): Promise<OfficeEvent | null> {
    let last: OfficeEvent | null = null
    for (let after = n; ;) {
      const events = await this.#store.events(this.officeId, after, 1_000)
      last = events.findLast(isIt) ?? last
      const end = events.at(-1)
      if (!end) break
      after = end.n
    }
    return this.#draft.events.findLast(isIt) ?? this.#accepted.events.findLast(isIt) ?? last
  }

  async eventsOf(memberId: Id, commandId: Id): Promise<OfficeEvent[]> {
    const own = this.#accepted.events.filter((e) => e.by === memberId && e.commandId === commandId)
    return own.length > 0 ? own : this.#store.eventsOf(this.officeId, memberId, commandId)
  }

  /** Is this dossier number free, in the store and in this batch? */
  async numberIsFree(number: string): Promise<boolean> {
    for (const { puts } of [this.#accepted, this.#draft]) {
      for (const put of puts.values()) if (put.kind === 'dossier' && put.record.number === number) return false
    }
    const { total } = await this.#store.dossiers(this.officeId, { number }, byNumber, { offset: 0, limit: 1 })
    return total === 0
  }

  /** How many clients and dossiers lie in a division. */
  async heldBy(divisionId: Id): Promise<{ clients: number; dossiers: number }> {
    const { total } = await this.#store.dossiers(this.officeId, { divisionId }, byNumber, { offset: 0, limit: 0 })
    const held = { clients: await this.#store.clientsIn(this.officeId, divisionId), dossiers: total }
    for (const { kind, record } of this.#written(['client', 'dossier'])) {
      const stored = await this.#store.get(this.officeId, kind, record.id)
      const count = kind === 'client' ? 'clients' : 'dossiers'
      held[count] += Number(record.divisionId === divisionId) - Number(stored?.divisionId === divisionId)
    }
    return held
  }

  /** Every dossier of whatever status that stands in a stage. Others are served between the slices in which they are read. */
  dossiersIn(stageId: Id): Promise<Dossier[]> {
    return this.#dossiersWith({ stageId })
  }

  /** Every dossier of a client, whoever may see it. */
  dossiersOf(clientId: Id): Promise<Dossier[]> {
    return this.#dossiersWith({ clientId })
  }

  /** What was done to a client by edits after a number, this batch's included, newest first. */
  async editsOf(clientId: Id, after: number): Promise<(OfficeEvent & ClientEdited)[]> {
    const isIt = (e: OfficeEvent): e is OfficeEvent & ClientEdited => e.type === 'client.edited' && e.clientId === clientId && e.n > after
    const stored = await this.#store.history(this.officeId, clientId, 500)
    return [...this.#accepted.events.filter(isIt).toReversed(), ...stored.filter(isIt)]
  }

  async #dossiersWith(filter: { stageId: Id } | { clientId: Id }): Promise<Dossier[]> {
    const isIn = (dossier: Dossier) => ('stageId' in filter ? dossier.stageId === filter.stageId : dossier.clientId === filter.clientId)
    const written = new Map(this.#written(['dossier']).map(({ record }) => [record.id, record]))
    const found: Dossier[] = []
    for (let offset = 0; ; offset += sliceSize) {
      const page = await this.#store.dossiers(this.officeId, filter, byNumber, { offset, limit: sliceSize })
      for (const dossier of page.dossiers) if (!written.has(dossier.id)) found.push(dossier)
      if (offset + sliceSize >= page.total) break
      await new Promise((resolve) => setImmediate(resolve))
    }
    for (const dossier of written.values()) if (isIn(dossier)) found.push(dossier)
    return found
  }

  /** The records of these kinds as this batch has written them, each as it is now. */
  #written<K extends 'client' | 'dossier'>(kinds: readonly K[]): (Put & { kind: K })[] {
    const puts = new Map([...this.#accepted.puts, ...this.#draft.puts])
    return [...puts.values()].filter((put): put is Put & { kind: K } => kinds.some((kind) => kind === put.kind))
  }

  /** A client is visible if it or any of its dossiers is. */
  async maySeeClient(actor: Actor, client: Client): Promise<boolean> {
    if (maySee(actor, { divisionId: client.divisionId, ownerId: client.ownerId, readerIds: [] })) return true
    const written = new Map<Id, Dossier>()
    for (const { puts } of [this.#accepted, this.#draft]) {
      for (const put of puts.values()) if (put.kind === 'dossier') written.set(put.record.id, put.record)
    }
    if ([...written.values()].some((d) => d.clientId === client.id && maySee(actor, d))) return true
    const { dossiers } = await this.#store.dossiers(this.officeId, { clientId: client.id, reach: actor }, byNumber, {
      offset: 0,
      limit: 500,
    })
    return dossiers.some((d) => !written.has(d.id))
  }

  /** The command was accepted: its writes count for those after it. Returns the number of its last event, if it had any. */
  accept(): number | null {
    const { events, puts, drops, fences, bulk } = this.#draft
    this.#accepted.bulk ??= bulk
    this.#accepted.events.push(...events)
    for (const [key, put] of puts) {
      this.#accepted.puts.set(key, put)
      this.#accepted.drops.delete(key)
    }
    for (const [key, drop] of drops) {
      this.#accepted.drops.set(key, drop)
      this.#accepted.puts.delete(key)
    }
    if (fences === 'all' || this.#accepted.fences === 'all') this.#accepted.fences = 'all'
    else for (const note of fences) this.#accepted.fences.add(note)
    this.#draft = emptyDraft()
    return events.at(-1)?.n ?? null
  }

  /** The command was refused: as if it had never been looked at. */
  discard(): void {
    this.#draft = emptyDraft()
    this.#frame = this.#accepted.events.reduce(applyToFrame, this.#baseFrame)
  }

  /** Everything accepted, ready to be committed. */
  written(): { expect: number; events: OfficeEvent[]; puts: Put[]; drops: Drop[]; fences: readonly Id[] | 'all' } & Large {
    const { events, puts, drops, fences, bulk } = this.#accepted
    return {
      expect: this.#base,
      events,
      puts: [...puts.values()],
      drops: [...drops.values()],
      fences: fences === 'all' ? 'all' : [...fences],
      ...bulk,
    }
  }
}
