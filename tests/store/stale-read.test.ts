import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Accounts, openAccounts } from '../../server/auth/accounts.ts'
import { withAdmin, withDatabase } from '../../server/store/replica-set.ts'
import { openMongoStore } from '../../server/store/mongo/open.ts'
import type { Store } from '../../server/store/store.ts'
import { cookieOf } from '../harness/member.ts'
import {
  describeWithOwnMembers,
  directTo,
  type Member,
  primaryOf,
  type ReplicaSet,
  startReplicaSet,
  untilWhole,
} from '../harness/replica-set.ts'
import { anOfficeIn, freshId, someone } from './samples.ts'

const database = 'codossier-stale'
let set: ReplicaSet
let store: Store
/** As a node sees it whose only server is the one that was the first. */
let behind: Store
let accounts: Accounts
let accountsBehind: Accounts
let former: Member

const standStill = (mode: 'alwaysOn' | 'off') => withAdmin(directTo(former), { configureFailPoint: 'blockHeartbeatStepdown', mode })

describeWithOwnMembers('a server that does not know yet that it is the first of its set no more', () => {
  beforeAll(async () => {
    set = await startReplicaSet({ isRelayed: true })
    store = await openMongoStore({ uri: set.uri(database) })
    former = await primaryOf(set)
    const behindUri = withDatabase(directTo(former), database)
    behind = await openMongoStore({ uri: behindUri })
    const place = { dataDir: '', publicOrigin: null, isAllowedOrigin: () => true }
    accounts = await openAccounts({ ...place, mongodbUri: set.uri(database) })
    accountsBehind = await openAccounts({ ...place, mongodbUri: behindUri })
  }, 240_000)
  afterAll(async () => {
    for (const opened of [behind, accountsBehind, accounts]) await opened?.close()
    await store?.close()
    await set?.stop()
  }, 60_000)

  it('is behind what a member was told, and cannot say that it is up to date', async () => {
    const officeId = await anOfficeIn(store)
    const note = freshId()
    const first = await store.grantClient(officeId, note, someone)
    await behind.upToDate(officeId)
    expect(await behind.clientsOf(officeId, note, someone)).toEqual([first])
    const credentials = { email: 'ada@office.example', password: 'correct horse battery' }
    const accountId = await accounts.create({ ...credentials, name: 'Ada' })

    await standStill('alwaysOn')
    former.relay?.freeze()
    const second = await store.grantClient(officeId, note, someone)
    expect(await behind.clientsOf(officeId, note, someone)).toEqual([first])
    // a session that was made a moment ago is not nobody's either
    const { response } = await accounts.signIn(credentials, new Headers())
    const cookie = new Headers({ cookie: cookieOf(response) })
    const refused = Promise.all([
      expect(behind.upToDate(officeId)).rejects.toThrow(),
      expect(accountsBehind.session(cookie)).rejects.toThrow(),
    ])
    expect(await accountsBehind.session(new Headers({ cookie: 'codossier.session_token=forged' }))).toBeNull()
    await refused
    expect(await accounts.session(cookie)).toMatchObject({ accountId })
    await store.upToDate(officeId)
    expect(await store.clientsOf(officeId, note, someone)).toEqual([first, second])

    // In this order: a former primary that hears of the others rolls back, and closes every connection for it.
    await standStill('off')
    former.relay?.thaw()
    await untilWhole(set)
  }, 240_000)
})
