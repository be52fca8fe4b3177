import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createLog } from '../../server/log.ts'
import { newId } from '../../server/new-id.ts'
import { type RunningServer, startServer } from '../../server/start.ts'
import { freePort, withDatabase } from '../../server/store/replica-set.ts'
import { type Screen, signedIn } from '../harness/member.ts'
import { startSampleOffice, testConfig, type TestOffice } from '../harness/office.ts'
import { Relay } from '../harness/relay.ts'
import { describeWithOwnMembers, directTo, primaryOf } from '../harness/replica-set.ts'
import { type SharedSet, sharedSet } from './shared-set.ts'

let set: SharedSet
let office: TestOffice
/** The line of the second node to the primary. */
let line: Relay
let cutOff: RunningServer
let dataDir: string
let here: Screen
let there: Screen

type Figures = (name: string) => number

async function figures(): Promise<Figures> {
  const text = await (await fetch(`http://127.0.0.1:${cutOff.port}/metrics`)).text()
  return (name) =>
    Number(
      text
        .split('\n')
        .find((one) => one.startsWith(`codossier_${name} `))
        ?.split(' ')
        .at(-1),
    )
}

/** Looks until it is so; with the most that was behind on the way. */
async function until(isSo: (figure: Figures) => boolean): Promise<{ figure: Figures; mostBehind: number }> {
  for (let mostBehind = 0; ;) {
    const figure = await figures()
    mostBehind = Math.max(mostBehind, figure('behind_events'))
    if (isSo(figure)) return { figure, mostBehind }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

const edit = (screen: Screen, amount: number) => {
  const row = [...screen.workspace.rows.values()].find(({ status }) => status === 'client')!
  return screen.send({ type: 'dossier.edit', dossierId: row.id, amount })
}

describeWithOwnMembers('the figures of a node whose store stands still', () => {
  beforeAll(async () => {
    set = sharedSet()
    const database = `codossier-figures-${newId()}`
    office = await startSampleOffice(['admin'], { mongodbUri: set.uri(database) })
    const primary = await primaryOf(set)
    line = await Relay.start(await freePort(), [Number(primary.address.split(':')[1])])
    const mongodbUri = withDatabase(directTo({ ...primary, address: `127.0.0.1:${line.port}` }), database)
    dataDir = await mkdtemp(join(tmpdir(), 'codossier-test-'))
    cutOff = await startServer({ config: testConfig(dataDir, mongodbUri), log: createLog('silent'), clientDir: null })
    const admin = await office.signIn('admin')
    here = await admin.open()
    there = await signedIn(cutOff.url, admin.cookie).open()
  }, 240_000)
  afterAll(async () => {
    line?.thaw()
    for (const screen of [here, there]) screen?.close()
    await cutOff?.close()
    await line?.stop()
    await office?.stop()
    await rm(dataDir, { recursive: true, force: true })
  }, 120_000)

  it('rise while it does, can be read all the while, and fall back when it goes on', async () => {
    const before = await until((figure) => figure('ready') === 1 && figure('last_look_seconds') < 3)
    expect(before.figure('waiting{what="commands"}')).toBe(0)
    expect(before.figure('longest_wait_seconds{what="commands"}')).toBe(0)

    line.freeze()
    const waits = edit(there, 1)
    const { n } = (await edit(here, 2)) as { n: number }
    for (const amount of [3, 4]) await edit(here, amount)
    const stalled = await until((figure) => figure('ready') === 0 && figure('last_look_seconds') > 5)
    expect(stalled.figure('waiting{what="commands"}')).toBe(1)
    expect(stalled.figure('longest_wait_seconds{what="commands"}')).toBeGreaterThan(3)

    line.thaw()
    const after = await until(
      (figure) => figure('ready') === 1 && figure('last_look_seconds') < 3 && figure('waiting{what="commands"}') === 0,
    )
    expect(after.mostBehind).toBeGreaterThanOrEqual(3)
    expect(await waits).toBeDefined()
    await there.until('it has caught up', ({ at }) => at >= n + 2, 60_000)
    await until((figure) => figure('behind_events') === 0 && figure('longest_wait_seconds{what="commands"}') === 0)
  }, 240_000)
})
