import type { AskStanding } from '#shared/contracts/copies.ts'
import type { OfficeEvent } from '#shared/contracts/events.ts'
import type { Id, Instant } from '#shared/contracts/ids.ts'
import { type Actor, can } from '#shared/domain/access.ts'
import { accessMoved, movesReach } from '../gateway/filter.ts'
import type { CopyKey, CopyKeyFilter, Store } from '../store/store.ts'

export interface CopyKeysOptions {
  store: Pick<Store, 'keepCopyKey' | 'copyKeys' | 'dropCopyKeys' | 'rowsOf' | 'seat'>
  /** The member as they may act now; null: not any more. Throws where that cannot be told. */
  actor: (officeId: Id, memberId: Id) => Promise<Actor | null>
  now: () => Instant
  newId: () => Id
  random: (bytes: Uint8Array) => Uint8Array
}

/** So long after it was handed out last a key goes, in milliseconds: three times as long as a session lasts. */
const longestMs = 90 * 86_400_000

/**
 * The keys under which browsers keep copies of dossiers: one a member, browser and dossier. What is withdrawn is gone for good; a browser
 * that asks again gets another key, under which nothing of before can be read.
 */
export class CopyKeys {
  readonly #options: CopyKeysOptions

  constructor(options: CopyKeysOptions) {
    this.#options = options
  }

  /** The key of this browser's copy, made where there is none; null: there is no such dossier, or the actor may not read it. */
  async handOut(actor: Actor, session: string, device: Id, dossierId: Id): Promise<CopyKey | null> {
    const { store, now, newId, random } = this.#options
    const { officeId, memberId } = actor
    if (!(await this.#readable(actor, [dossierId])).has(dossierId)) return null
    const secret = random(new Uint8Array(32))
    const key = await store.keepCopyKey(officeId, { memberId, device, dossierId, id: newId(), secret, session, at: now() })
    // a right that went meanwhile may have withdrawn the one before this
    if ((await this.#readable(await this.#options.actor(officeId, memberId), [dossierId])).has(dossierId)) return key
    await this.withdraw(officeId, { memberId, device, dossierIds: [dossierId] })
    return null
  }

  /** Those of a browser's keys that still stand, by their ids: neither withdrawn, nor of a dossier that may not be read any more. */
  async standing({ officeId, memberId, device, keys }: AskStanding): Promise<Id[]> {
    const asked = new Set(keys)
    const found = (await this.#options.store.copyKeys(officeId, { memberId, device })).filter(({ id }) => asked.has(id))
    if (found.length === 0) return []
    const dossierIds = found.map(({ dossierId }) => dossierId)
    const readable = await this.#readable(await this.#options.actor(officeId, memberId), dossierIds)
    return found.filter(({ dossierId }) => readable.has(dossierId)).map(({ id }) => id)
  }

  /** Withdraws keys. Returns how many. */
  withdraw(officeId: Id, which: CopyKeyFilter): Promise<number> {
    return this.#options.store.dropCopyKeys(officeId, which)
  }

  /**
   * Sessions of an account ended: what was handed out to them is withdrawn. Told by a question, not by a list: a session that had lapsed
   * by itself is in no list any more, and a lost computer still holds what it was given.
   */
  async sessionsEnded(accountId: string, isEnded: (session: string) => boolean): Promise<void> {
    const { store } = this.#options
    const seat = await store.seat(accountId)
    if (!seat) return
    const { officeId, memberId } = seat
    const keys = await store.copyKeys(officeId, { memberId })
    const sessions = [...new Set(keys.map(({ session }) => session))].filter(isEnded)
    if (sessions.length > 0) await this.withdraw(officeId, { memberId, sessions })
  }

  /** After a commit: withdraws the keys of what may not be read any more. */
  async committed(officeId: Id, events: readonly OfficeEvent[]): Promise<void> {
    const moved = accessMoved(events)
    if (moved.length > 0) await this.#judge(officeId, { dossierIds: moved })
    const reaching = events.filter(movesReach)
    const ofMembers = reaching.flatMap((event) => (event.type === 'member.changed' ? [event.memberId] : []))
    if (reaching.length > ofMembers.length) return this.#judge(officeId, {})
    for (const memberId of new Set(ofMembers)) await this.#judge(officeId, { memberId })
  }

  /** Withdraws what no browser asked for in a long time. */
  forget(officeId: Id): Promise<number> {
    return this.withdraw(officeId, { before: this.#options.now() - longestMs })
  }

  async #judge(officeId: Id, which: CopyKeyFilter): Promise<void> {
    const keys = await this.#options.store.copyKeys(officeId, which)
    for (const [memberId, own] of Map.groupBy(keys, (key) => key.memberId)) {
      const dossierIds = [...new Set(own.map(({ dossierId }) => dossierId))]
      const readable = await this.#readable(await this.#options.actor(officeId, memberId), dossierIds)
      const lost = dossierIds.filter((id) => !readable.has(id))
      if (lost.length > 0) await this.withdraw(officeId, { memberId, dossierIds: lost })
    }
  }

  async #readable(actor: Actor | null, dossierIds: readonly Id[]): Promise<Set<Id>> {
    if (!actor) return new Set()
    const rows = await this.#options.store.rowsOf(actor.officeId, dossierIds)
    return new Set(rows.filter((row) => can(actor, 'dossier.read', row)).map(({ id }) => id))
  }
}
