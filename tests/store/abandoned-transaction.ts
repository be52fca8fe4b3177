import { connect } from '../../server/store/mongo/connect.ts'

/** Run as a process of its own: takes the next number of an office, the arguments being a connection string and its id, and goes on no more. */
const [uri = '', office = ''] = process.argv.slice(2)
const client = await connect(uri)
const session = client.startSession()
session.startTransaction({ readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority' } })
const taken = client
  .db()
  .collection('offices')
  .updateOne({ office, number: 1 }, { $set: { number: 2 } }, { session, hint: 'byId' })
await taken
process.stdout.write('begun\n')
setInterval(() => undefined, 60_000)
