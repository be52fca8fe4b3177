import { type ClientSession, type Collection, type Document, MongoClient } from 'mongodb'
import type { Dossier } from '#shared/contracts/dossier.ts'
import { dossierDocument } from '../../../server/store/mongo/dossier-fields.ts'
import { eventDocuments } from '../../../server/store/mongo/events.ts'
import { openMongoStore } from '../../../server/store/mongo/open.ts'
import type { Commit } from '../../../server/store/store.ts'
import type { Bench } from '../bench.ts'
import { median } from '../statistics.ts'
import { newDatabase } from '../trial-set.ts'
import { timed } from './adapters.ts'
import { amounts, committed, type StoredOffice, writeOffice } from './office.ts'

/** So many commands a commit: as they come one by one, and as 100 that wait are taken together. */
const batches = [1, 100] as const

/**
 * What the MongoDB adapter costs beside the driver alone: the same documents in the same transactions, each in a database of its own with
 * the same indexes, by turns. The driver gets its documents ready made.
 */
export async function overhead(bench: Bench): Promise<void> {
  const [ourUri, bareUri] = [await newDatabase(), await newDatabase()]
  const [ours, bare] = [await openMongoStore({ uri: ourUri }), await openMongoStore({ uri: bareUri })]
  const office = await writeOffice(ours, 1_000)
  await writeOffice(bare, 1_000)
  const client = new MongoClient(bareUri, { writeConcern: { w: 'majority', journal: true }, readConcern: { level: 'majority' } })
  const driver = bareDriver(client)
  const number = { ours: await ours.number(office.officeId), bare: await bare.number(office.officeId) }
  for (let round = 0; bench.hasTimeFor(round); round++) {
    for (const batch of batches) {
      const ourMs: number[] = []
      const bareMs: number[] = []
      for (let i = 0; i < (bench.options.quick ? 30 : 150); i++) {
        const commit = amounts(office, number.ours, batch)
        ourMs.push(await timed(() => committed(ours, commit)))
        const documents = documentsOf(office, amounts(office, number.bare, batch))
        bareMs.push(await timed(() => driver(documents)))
        number.ours += batch
        number.bare += batch
      }
      const figure = batch === 100 ? 'store.overhead' : `store.overhead, ${batch} command a commit`
      bench.figures.ours(figure, median(ourMs))
      bench.figures.peer(figure, median(bareMs))
    }
  }
  await Promise.all([ours.close(), bare.close(), client.close()])
}

interface Documents {
  office: string
  expect: number
  number: number
  answers: Document[]
  events: Document[]
  dossiers: Document[]
}

function documentsOf({ officeId: office }: StoredOffice, { expect, events, puts, answers }: Commit): Documents {
  return {
    ...{ office, expect, number: expect + events.length },
    answers: answers.map(({ memberId: member, commandId: command, hash, at, answer }) => {
      return { office, member, command, hash, at, answer: JSON.stringify(answer) }
    }),
    events: events.flatMap((event) => eventDocuments(office, event)),
    dossiers: puts.map(({ record }) => dossierDocument(office, record as Dossier)),
  }
}

/** The writes of a commit, as one would write them down against the driver. */
function bareDriver(client: MongoClient): (documents: Documents) => Promise<void> {
  const db = client.db()
  const [offices, answers, events, dossiers] = ['offices', 'answers', 'events', 'dossiers'].map((name) => db.collection(name)) as [
    ...[Collection, Collection, Collection, Collection],
  ]
  const write = async (session: ClientSession, asked: Documents): Promise<void> => {
    const { office, expect } = asked
    const taken = await offices.updateOne({ office, number: expect }, { $set: { number: asked.number }, $inc: { commits: 1 } }, { session })
    if (taken.matchedCount !== 1) throw new Error('the number is another')
    await answers.insertMany(asked.answers, { session })
    await events.insertMany(asked.events, { session })
    const puts = asked.dossiers.map((replacement) => ({
      replaceOne: { filter: { office, id: replacement['id'] as string, coming: null }, replacement, upsert: true, hint: 'byId' },
    }))
    await dossiers.bulkWrite(puts, { session })
  }
  return (asked) =>
    client.withSession((session) =>
      session.withTransaction(() => write(session, asked), {
        readConcern: { level: 'snapshot' },
        writeConcern: { w: 'majority', journal: true },
      }),
    )
}
