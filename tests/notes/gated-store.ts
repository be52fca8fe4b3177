import type { AppendResult, NoteAppend, Store } from '../../server/store/store.ts'
import type { NoteStore } from '../../server/rooms/environment.ts'

/** A real store whose appends and reads can be held back, slowed or made to fail. */
export class GatedStore {
  readonly appends: NoteAppend[][] = []
  readonly port: NoteStore
  #held: { promise: Promise<void>; release: () => void } | null = null
  #onReached: (() => void)[] = []
  #onReading: (() => void)[] = []
  #isBehind = false
  #isAlone = false
  failAppends = 0
  failReads = 0
  /** Milliseconds each append and read takes on top. */
  slowMs = 0

  constructor(store: Store) {
    this.port = {
      get: (officeId, kind, id) => store.get(officeId, kind, id),
      fence: (officeId, note) => store.fence(officeId, note),
      grantClient: (officeId, note, memberId) => store.grantClient(officeId, note, memberId),
      clientsOf: async (officeId, note, memberId) => (this.#isBehind ? [] : store.clientsOf(officeId, note, memberId)),
      upToDate: async () => {
        if (this.#isAlone) throw new Error('there is no majority')
        this.#isBehind = false
      },
      noteLengths: (...asked) => store.noteLengths(...asked),
      compactNote: (...asked) => store.compactNote(...asked),
      rebuildNote: (...asked) => store.rebuildNote(...asked),
      leaveNoTrace: () => store.leaveNoTrace(),
      note: async (...asked) => {
        for (const reading of this.#onReading.splice(0)) reading()
        await this.#slow()
        if (this.failReads-- > 0) throw new Error('the disk cannot be read')
        return store.note(...asked)
      },
      appendNotes: async (appends): Promise<AppendResult[]> => {
        this.appends.push([...appends])
        for (const reached of this.#onReached.splice(0)) reached()
        await this.#held?.promise
        await this.#slow()
        if (this.failAppends-- > 0) throw new Error('the disk is full')
        return store.appendNotes(appends)
      },
    }
  }

  /**
   * Client ids that were granted are not read, as by a server that was the first of its set a moment ago; until it is asked to be up to date,
   * which `isAlone` it cannot.
   */
  fallBehind({ isAlone = false } = {}): void {
    this.#isBehind = true
    this.#isAlone = isAlone
  }

  catchUp(): void {
    this.#isBehind = this.#isAlone = false
  }

  /** Holds every append back from now on; resolves when the first one has come. */
  hold(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#held = { promise, release: resolve }
    return this.reached()
  }

  /** Resolves at the next append. */
  reached(): Promise<void> {
    return new Promise((resolve) => this.#onReached.push(resolve))
  }

  /** Resolves when the next note is being read. */
  reading(): Promise<void> {
    return new Promise((resolve) => this.#onReading.push(resolve))
  }

  release(): void {
    this.#held?.release()
    this.#held = null
  }

  async #slow(): Promise<void> {
    if (this.slowMs > 0) await new Promise((resolve) => setTimeout(resolve, this.slowMs))
  }
}
