import { performance } from 'node:perf_hooks'
import type { Id } from '#shared/contracts/ids.ts'
import type { Store } from '../store/store.ts'

/** How a file stands, as this node sees it. */
export interface Standing {
  readonly officeId: Id
  readonly id: Id
  readonly revision: number
  /** It was not at this revision when it was looked at before. */
  isNew: boolean
  /** Nobody does anything with it at this revision: set by whoever finds out. */
  isIdle: boolean
}

type Seen = Map<string, Standing & { since: number }>

/** For how long each file on its way in has stood at its revision, by the clock of this node alone: those of two nodes may differ. */
export class Watch {
  readonly #store: Pick<Store, 'uploadRevisions'>
  #seen: Seen = new Map()

  constructor(store: Pick<Store, 'uploadRevisions'>) {
    this.#store = store
  }

  /** Looks at all of them, and returns them. */
  async look(): Promise<Standing[]> {
    const now = performance.now()
    const seen: Seen = new Map()
    for (const one of await this.#store.uploadRevisions()) {
      const known = this.#seen.get(keyOf(one))
      const isNew = known?.revision !== one.revision
      seen.set(keyOf(one), known && !isNew ? Object.assign(known, { isNew }) : { ...one, isNew, isIdle: false, since: now })
    }
    this.#seen = seen
    return [...seen.values()]
  }

  /** In milliseconds; 0 where it was not looked at yet. */
  stoodMs(file: { officeId: Id; id: Id }): number {
    const seen = this.#seen.get(keyOf(file))
    return seen ? performance.now() - seen.since : 0
  }
}

const keyOf = ({ officeId, id }: { officeId: Id; id: Id }): string => `${officeId}/${id}`
