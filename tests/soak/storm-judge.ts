import type { OfficeEvent } from '#shared/contracts/events.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Store } from '../../server/store/store.ts'
import type { Screen } from '../harness/member.ts'
import { textFieldOf } from '../harness/text-field.ts'
import { judgeNote, storedText, type Typist } from '../harness/typist.ts'

/** What somebody was told is done, or saw: none of it may be missing later. */
export interface Witness {
  /** Commands answered "done", by id, with the number of their event. */
  done: Map<Id, number | null>
  /** Events that another screen applied. */
  seen: Map<number, Id>
}

/** Where the store is looked at beside the servers, and whose it is. */
export interface Disk {
  /** Opens it to be read. */
  open(): Promise<Store>
  officeId: Id
}

async function withStore<T>({ open }: Disk, read: (store: Store) => Promise<T>): Promise<T> {
  const store = await open()
  try {
    return await read(store)
  } finally {
    await store.close()
  }
}

/** Reads what is on disk. `clocks`: what was seen, or called saved, of each note. */
export function judgeStore(disk: Disk, witness: Witness, clocks: Map<Id, Map<number, number>>, faults: string[]): Promise<void> {
  return withStore(disk, async (store) => {
    const byCommand = await judgeLog(store, witness, disk.officeId, faults)
    for (const [id, n] of witness.done) {
      if (n !== null && byCommand.get(id) !== n) faults.push(`the command ${id} was called done as ${n}, the log has ${byCommand.get(id)}`)
    }
    for (const [dossierId, must] of clocks) await judgeNote(store, disk.officeId, dossierId, must, faults)
  })
}

async function judgeLog(store: Store, witness: Witness, officeId: Id, faults: string[]): Promise<Map<Id, number>> {
  const byCommand = new Map<Id, number>()
  const log = new Map<number, OfficeEvent>()
  for (let after = 2; ;) {
    const events = await store.events(officeId, after, 1_000)
    if (events.length === 0) break
    for (const event of events) {
      if (event.n !== after + 1) faults.push(`the log goes from ${after} to ${event.n}`)
      if (byCommand.has(event.commandId)) faults.push(`the command ${event.commandId} had two effects`)
      byCommand.set(event.commandId, event.n)
      log.set(event.n, event)
      after = event.n
    }
  }
  for (const [n, commandId] of witness.seen) {
    if (n > 2 && log.get(n)?.commandId !== commandId) faults.push(`event ${n} was seen and is not in the log`)
  }
  return byCommand
}

/** Everybody's text of a note is one, and it is what lies on the disk. */
export async function judgeConverged(disk: Disk, typists: readonly Typist[], faults: string[]): Promise<void> {
  const shown = ({ session, dossierId }: Typist) => session.doc?.getXmlFragment(textFieldOf(dossierId)).toString() ?? ''
  const differing = () =>
    withStore(disk, async (store) => {
      const wrong: string[] = []
      for (const [note, some] of Map.groupBy(typists, ({ dossierId }) => dossierId)) {
        const texts = new Set([await storedText(store, disk.officeId, note), ...some.map(shown)])
        if (texts.size > 1) wrong.push(`note ${note} has ${texts.size} different texts in the end`)
      }
      return wrong
    })
  const deadline = Date.now() + 20_000
  let wrong = await differing()
  while (wrong.length > 0 && Date.now() < deadline) wrong = await differing()
  faults.push(...wrong)
}

export function judgeScreens(screens: readonly Screen[], ids: readonly Id[], faults: string[]): void {
  for (const id of ids) {
    const rows = new Set(screens.map((s) => JSON.stringify(Object.entries(s.row(id) ?? {}).toSorted())))
    if (rows.size > 1) faults.push(`dossier ${id} differs between screens`)
  }
}
