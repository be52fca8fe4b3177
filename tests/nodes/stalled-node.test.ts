import { afterAll, beforeAll, expect, it } from 'vitest'
import * as Y from 'yjs'
import { noteField } from '#shared/contracts/notes-wire.ts'
import { newId } from '../../server/new-id.ts'
import { openMongoStore } from '../../server/store/mongo/open.ts'
import { describeWithMongo } from '../harness/replica-set.ts'
import { openTypist, storedText, untilSaved } from '../harness/typist.ts'
import { Cluster } from './cluster.ts'

/** How long the node stands still, in milliseconds; `STALL_MS` in the soak. */
const stallMs = Number(process.env['STALL_MS'] ?? 10_000)

let cluster: Cluster

describeWithMongo('a node that stands still and goes on', () => {
  beforeAll(async () => {
    cluster = await Cluster.start(['adviser', 'admin'])
  }, 120_000)
  afterAll(() => cluster?.stop(), 60_000)

  it('L2 stores nothing by a right that was withdrawn meanwhile, and takes no number twice', async () => {
    const [stalled, other] = cluster.nodes as [Cluster['nodes'][0], Cluster['nodes'][0]]
    const [adviser, admin] = cluster.members as [Cluster['members'][0], Cluster['members'][0]]
    const screen = await cluster.at(stalled, adviser).open()
    const adminScreen = await cluster.at(other, admin).open()
    const officeId = screen.frame.office.id
    const dossier = [...screen.workspace.rows.values()].find(({ status }) => status === 'client')!
    const typist = await openTypist(cluster.at(stalled, adviser), dossier.id)
    write(typist.session.doc!, 'before')
    await untilSaved([typist])

    stalled.signal('SIGSTOP')
    const goesOn = new Promise((resolve) => setTimeout(resolve, stallMs)).then(() => stalled.signal('SIGCONT'))
    // both are on their way to a node that does not read them yet
    write(typist.session.doc!, 'meanwhile')
    const answer = screen.socket.emitWithAck('command', {
      id: newId(),
      seen: screen.at,
      command: { type: 'dossier.edit', dossierId: dossier.id, amount: 1 },
    })
    expect(await adminScreen.send({ type: 'member.changeRole', memberId: screen.memberId, role: 'viewer' })).toMatchObject({ ok: true })
    const { n: last } = (await adminScreen.send({ type: 'dossier.edit', dossierId: dossier.id, amount: 2 })) as { n: number }
    await goesOn

    expect(await answer).toMatchObject({ ok: false, refusal: { code: 'forbidden' } })
    await screen.until('it has caught up', ({ at }) => at >= last, 30_000)
    await until(() => typist.session.status.state === 'readonly')
    const store = await openMongoStore({ uri: cluster.mongodbUri, readOnly: true })
    const text = await storedText(store, officeId, dossier.id)
    const numbers = (await store.events(officeId, 0, 10_000)).map(({ n }) => n)
    await store.close()
    expect(text).toContain('before')
    expect(text).not.toContain('meanwhile')
    expect(numbers).toEqual(Array.from({ length: last }, (_, i) => i + 1))
    typist.session.destroy()
    for (const each of [screen, adminScreen]) each.close()
  }, 180_000)
})

function write(doc: Y.Doc, words: string): void {
  const paragraph = new Y.XmlElement('paragraph')
  paragraph.insert(0, [new Y.XmlText(words)])
  doc.getXmlFragment(noteField).push([paragraph])
}

/** Looked at ten times a second: what happens in a session is told to whoever opened it alone. */
async function until(isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error('it did not come to be so')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
