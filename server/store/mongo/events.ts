import type { ClientSession, WithId } from 'mongodb'
import type { OfficeEvent } from '#shared/contracts/events.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { recordsOf } from '../log-subjects.ts'
import type { Collections, EventDoc } from './collections.ts'
import { joined, partsOf } from './parts.ts'

/** How many subjects one part of an event names at most: each is an entry of the index. */
const subjectsAPart = 5_000

/** The log of an office: each event whole, as it is sent and replayed, with the records it touched. */
export function eventTable({ events }: Collections) {
  async function whole(found: WithId<EventDoc>[], office: Id): Promise<WithId<EventDoc>[]> {
    if (found.every(({ parts }) => parts === 1)) return found
    const numbers = [...new Set(found.map(({ n }) => n))]
    return events.find({ office, n: { $in: numbers } }, { hint: 'byNumber', sort: { n: 1, part: 1 }, projection }).toArray()
  }

  return {
    async add(office: Id, added: readonly OfficeEvent[], session: ClientSession): Promise<void> {
      await events.insertMany(
        added.flatMap((event) => eventDocuments(office, event)),
        { session },
      )
    },
    async after(office: Id, n: number, limit: number): Promise<OfficeEvent[]> {
      // numbers have no gaps: so many are read, in however many parts
      const range = { $gt: n, $lte: n + limit }
      return joined(await events.find({ office, n: range }, { hint: 'byNumber', sort: { n: 1, part: 1 }, projection }).toArray())
    },
    async ofCommand(office: Id, member: Id, command: Id): Promise<OfficeEvent[]> {
      const parts = await events.find({ office, command, member }, { hint: 'byCommand', projection }).toArray()
      return joined(parts.sort((a, b) => a.n - b.n || a.part - b.part))
    },
    async history(office: Id, dossierId: Id, limit: number, before = Number.MAX_SAFE_INTEGER): Promise<OfficeEvent[]> {
      const touched = { office, subjects: dossierId, n: { $lt: before } }
      const found = await events.find(touched, { hint: 'bySubject', sort: { n: -1 }, limit, projection }).toArray()
      return joined<OfficeEvent>(await whole(found, office)).sort((a, b) => b.n - a.n)
    },
  }
}

const projection = { subjects: 0 }

/** An event as it is stored, in as many parts as it takes. */
export function eventDocuments(office: Id, event: OfficeEvent): EventDoc[] {
  const { n, by: member, commandId: command } = event
  const texts = partsOf(event)
  const subjects = [...new Set(recordsOf(event))]
  const parts = Math.max(texts.length, Math.ceil(subjects.length / subjectsAPart))
  return Array.from({ length: parts }, (_, part) => ({
    ...{ office, n, part, parts, member, command, doc: texts[part] ?? '' },
    subjects: subjects.slice(part * subjectsAPart, (part + 1) * subjectsAPart),
  }))
}
