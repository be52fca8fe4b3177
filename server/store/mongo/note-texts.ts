import type { MongoClient } from 'mongodb'
import type { Id } from '#shared/contracts/ids.ts'
import { searchWords } from '../searched.ts'
import type { DossierFilter, FoundNote, NoteText } from '../store.ts'
import type { Collections } from './collections.ts'
import { slim } from './dossier-fields.ts'
import { reachCondition, wordConditions } from './dossier-query.ts'
import type { Look } from './look.ts'
import { inSlices } from './slices.ts'
import { inTransaction, Raced, unlessThere } from './transaction.ts'

/** What the notes of dossiers say, by whose words they are found. See the port. */
export function noteTextTable(client: MongoClient, { notes, noteTexts, dossiers }: Collections) {
  const byId = { hint: 'byId' } as const
  const byNote = { hint: 'byNote' } as const

  async function rowsOf(office: Id, ids: readonly Id[], limit: number, reach: DossierFilter['reach'], { moment, seen }: Look) {
    const found = await inSlices(ids, (slice) => {
      const those = { office, id: { $in: slice }, ...seen, ...(reach && reachCondition(reach)) }
      return dossiers
        .find<FoundNote['row']>(those, { ...byId, projection: slim, sort: { changedAt: -1, id: 1 }, limit, ...moment })
        .toArray()
    })
    return found.sort((a, b) => b.changedAt - a.changedAt || (a.id < b.id ? -1 : 1)).slice(0, limit)
  }

  return {
    put: (office: Id, texts: readonly NoteText[]): Promise<void> =>
      inTransaction(client, async (session) => {
        const those = { office, note: { $in: texts.map(({ note }) => note) } }
        const epochs = new Map((await notes.find(those, { ...byId, session }).toArray()).map(({ note, epoch }) => [note, epoch]))
        const known = await noteTexts.find(those, { ...byNote, session, projection: endOnly }).toArray()
        const before = new Map(known.map((text) => [text.note, text]))
        const news = texts.filter((made) => epochs.get(made.note) === made.epoch && !isLater(before.get(made.note), made))
        if (news.length === 0) return
        // written as well: whoever takes a note away meanwhile makes this begin anew
        await notes.updateMany({ office, note: { $in: news.map(({ note }) => note) } }, { $inc: { rewrites: 1 } }, { ...byId, session })
        const writes = news.map(({ note, epoch, seq, text }) => {
          const replacement = { office, note, epoch, seq, text, words: [...searchWords([text])] }
          return { replaceOne: { filter: { office, note }, replacement, upsert: true, hint: 'byNote' } }
        })
        await unlessThere(noteTexts.bulkWrite(writes, { session }), () => new Raced())
      }),
    async unread(office: Id, ids: readonly Id[]): Promise<Id[]> {
      const known = await inSlices(ids, (slice) =>
        noteTexts.find({ office, note: { $in: slice } }, { ...byNote, projection: endOnly }).toArray(),
      )
      const read = new Map(known.map((text) => [text.note, text]))
      const ends = await inSlices(ids, (slice) => notes.find({ office, note: { $in: slice } }, byId).toArray())
      return ends
        .filter(({ note, epoch, seq }) => {
          const text = read.get(note)
          return !text || text.epoch !== epoch || text.seq < seq
        })
        .map(({ note }) => note)
    },
    async search(office: Id, query: readonly string[], limit: number, reach: DossierFilter['reach'], look: Look): Promise<FoundNote[]> {
      const words = wordConditions(query)
      if (words.length === 0) return []
      const options = { hint: 'byWord', projection: { note: 1 }, ...look.moment }
      const found = await noteTexts.find({ office, $and: words }, options).toArray()
      const rows = await rowsOf(
        office,
        found.map(({ note }) => note),
        limit,
        reach,
        look,
      )
      const ids = rows.map(({ id }) => id)
      const texts = await noteTexts
        .find({ office, note: { $in: ids } }, { ...byNote, projection: { note: 1, text: 1 }, ...look.moment })
        .toArray()
      const textOf = new Map(texts.map(({ note, text }) => [note, text]))
      return rows.map((row) => ({ row, text: textOf.get(row.id) ?? '' }))
    },
  }
}

const endOnly = { note: 1, epoch: 1, seq: 1 }

/** Is what is known of a note as late as what was made of it? */
function isLater(known: Pick<NoteText, 'epoch' | 'seq'> | undefined, made: NoteText): boolean {
  return known?.epoch === made.epoch && known.seq >= made.seq
}
