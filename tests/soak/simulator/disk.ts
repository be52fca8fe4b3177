import * as Y from 'yjs'
import type { Id } from '#shared/contracts/ids.ts'
import { noteField } from '#shared/contracts/notes-wire.ts'
import type { NoteRight, NoteStore } from '../../../server/rooms/environment.ts'
import { applyStored, createNoteDocument } from '../../../server/rooms/note-document.ts'
import type { AppendResult, NoteAppend, NoteLog, NoteSnapshot, SeatedMember } from '../../../server/store/store.ts'
import type { Random } from './random.ts'

/** What lies on the disk of one note, and beside it what nobody but the judge reads: all that was ever appended. */
class StoredNote {
  snapshot: NoteSnapshot | null = null
  updates: NoteLog['updates'] = []
  fence = 0
  nextClient = 2
  readonly clients = new Map<Id, number[]>()
  readonly whole = createNoteDocument()

  get seq(): number {
    return this.updates.at(-1)?.seq ?? this.snapshot?.seq ?? 0
  }

  /** What is wrong with what lies here: a hole in its numbers, or read again it is not what was appended. */
  faults(): string[] {
    const from = (this.snapshot?.seq ?? 0) + 1
    const holes = this.updates.filter(({ seq }, i) => seq !== from + i).map(({ seq }) => `the log has a hole before ${seq}`)
    const read = createNoteDocument()
    applyStored(read, [...(this.snapshot ? [this.snapshot.bytes] : []), ...this.updates.map(({ bytes }) => bytes)])
    const isWhole = Y.equalSnapshots(Y.snapshot(read), Y.snapshot(this.whole)) && shown(read) === shown(this.whole)
    return isWhole ? holes : [...holes, 'what was appended is not what is read']
  }
}

const shown = (doc: Y.Doc) => doc.getXmlFragment(noteField).toString()

/** A member as the store has them; notes need the name alone. */
const member = (id: Id) => ({ id, name: id, colour: 0 }) as SeatedMember

/** What survives a crash: logs, fences, client ids and rights. It is slow, fails and stands still as its faults say. */
export class Disk {
  readonly notes = new Map<Id, StoredNote>()
  readonly rights = new Map<string, NoteRight>()
  /** What must not have happened on it. */
  readonly violations: string[] = []
  /** So many of the next writes fail before they are done; `unknown`: after. */
  failing = 0
  unknown = 0
  /** Until this moment nothing goes on, in milliseconds. */
  stalledUntil = 0
  /** Called right after a right was read, at the worst moment for it to change. */
  onJudged: (memberId: Id, note: Id) => unknown = () => undefined
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  /** Fails, stands still, or is about to. */
  get isTroubled(): boolean {
    return this.failing > 0 || this.unknown > 0 || Date.now() < this.stalledUntil
  }

  note(id: Id): StoredNote {
    let note = this.notes.get(id)
    if (!note) this.notes.set(id, (note = new StoredNote()))
    return note
  }

  right(memberId: Id, note: Id): NoteRight {
    return this.rights.get(`${memberId}/${note}`) ?? { read: true, write: true }
  }

  /** As a command does: the right and the note's fence in one commit. */
  setRight(memberId: Id, note: Id, right: NoteRight): void {
    this.rights.set(`${memberId}/${note}`, right)
    this.note(note).fence++
  }

  /** Each note's as far as the first that cannot be stored. */
  appendAll(appends: readonly NoteAppend[]): AppendResult[] {
    const stopped = new Set<Id>()
    return appends.map((append) => {
      const result = stopped.has(append.note) ? 'raced' : this.append(append)
      if (result !== 'stored') stopped.add(append.note)
      return result
    })
  }

  append(append: NoteAppend): AppendResult {
    const note = this.note(append.note)
    if (append.fence !== note.fence) return 'fenced'
    if (append.epoch !== 1 || append.seq !== note.seq + 1) return 'raced'
    if (!this.right(append.memberId, append.note).write)
      this.violations.push(`${append.memberId} wrote in ${append.note} without the right`)
    note.updates.push({ seq: append.seq, memberId: append.memberId, at: append.at, bytes: append.bytes })
    try {
      applyStored(note.whole, [append.bytes])
    } catch (error) {
      this.violations.push(`${append.note} cannot be read at ${append.seq}: ${String(error)}`)
    }
    return 'stored'
  }

  compact(id: Id, made: NoteSnapshot): 'done' | 'raced' {
    const note = this.note(id)
    if (made.seq <= (note.snapshot?.seq ?? 0) || made.seq > note.seq) return 'raced'
    note.snapshot = made
    note.updates = note.updates.filter(({ seq }) => seq > made.seq)
    this.violations.push(...note.faults().map((fault) => `${id}, compacted: ${fault}`))
    return 'done'
  }

  grant(id: Id, memberId: Id): number {
    const note = this.note(id)
    const client = note.nextClient++
    note.clients.set(memberId, [...(note.clients.get(memberId) ?? []), client])
    return client
  }

  /** The disk as one server has it open. */
  open(): OpenDisk {
    return new OpenDisk(this, this.#random)
  }
}

/** After a crash of its server nothing that was asked is answered any more; what was not done yet never is. */
export class OpenDisk {
  readonly store: NoteStore
  readonly judge: (officeId: Id, memberId: Id, note: Id) => Promise<NoteRight>
  readonly #disk: Disk
  readonly #random: Random
  #crashed = false

  constructor(disk: Disk, random: Random) {
    this.#disk = disk
    this.#random = random
    const read = <T>(work: () => T) => this.#do(work, false)
    const write = <T>(work: () => T) => this.#do(work, true)
    this.judge = (_office, memberId, note) =>
      read(() => {
        const right = disk.right(memberId, note)
        disk.onJudged(memberId, note)
        return right
      })
    this.store = {
      get: (async (_office: Id, _kind: 'member', id: Id) => read(() => member(id))) as NoteStore['get'],
      note: (_office, id, after) =>
        read(() => {
          const { snapshot, updates } = disk.note(id)
          const from = after?.seq ?? 0
          const isNew = from === 0 || (snapshot?.seq ?? 0) > from
          return { epoch: 1, snapshot: isNew ? snapshot : null, updates: updates.filter(({ seq }) => seq > from) }
        }),
      noteLengths: (_office, ids) => read(() => new Map(ids.map((id) => [id, disk.note(id).seq]))),
      fence: (_office, id) => read(() => disk.note(id).fence),
      clientsOf: (_office, id, memberId) => read(() => disk.note(id).clients.get(memberId) ?? []),
      appendNotes: (appends) => write(() => disk.appendAll(appends)),
      compactNote: (_office, id, _epoch, made) => write(() => disk.compact(id, made)),
      rebuildNote: async () => 'raced',
      leaveNoTrace: async () => {},
      upToDate: async () => {},
      grantClient: (_office, id, memberId) => write(() => disk.grant(id, memberId)),
    }
  }

  crash(): void {
    this.#crashed = true
  }

  async #do<T>(work: () => T, isWrite: boolean): Promise<T> {
    await this.#passes(this.#random.int(4))
    const fails = this.#takes('failing', isWrite)
    if (fails) throw new Error('the disk is full')
    const done = work()
    const isUnknown = this.#takes('unknown', isWrite)
    await this.#passes(this.#random.int(3))
    if (isUnknown) throw new Error('the disk did not answer')
    return done
  }

  #takes(fault: 'failing' | 'unknown', isWrite: boolean): boolean {
    if (!isWrite || this.#disk[fault] === 0) return false
    this.#disk[fault]--
    return true
  }

  async #passes(ms: number): Promise<void> {
    const standsStillMs = Math.max(0, this.#disk.stalledUntil - Date.now())
    await new Promise<void>((resolve) => setTimeout(resolve, ms + standsStillMs))
    if (this.#crashed) await new Promise<never>(() => {})
  }
}
