import { io, type Socket } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ClientToServer, ServerToClient } from '#shared/contracts/socket.ts'
import type { Delivery } from '#shared/contracts/workspace.ts'
import { imported } from '../harness/import.ts'
import type { Screen, SignedIn } from '../harness/member.ts'
import { startSampleOffice, type TestOffice } from '../harness/office.ts'

let office: TestOffice
let admin: SignedIn
let adviser: SignedIn
let manager: SignedIn
let screen: Screen
beforeAll(async () => {
  office = await startSampleOffice(['admin', 'adviser', 'manager'])
  admin = await office.signIn('admin')
  adviser = await office.signIn('adviser')
  manager = await office.signIn('manager')
  screen = await admin.open()
})
afterAll(() => office.stop())

const undo = async (id: string | null) => {
  const response = await admin.post(`/api/v1/imports/records/${id ?? ''}/undo`, {})
  return { status: response.status, body: (await response.json()) as object }
}

describe('what an import changes of people is in force on open screens', () => {
  it('L2 who was moved to another division by a file hears no more of the one before', async () => {
    await screen.send({ type: 'office.changeSettings', seesWhat: 'own' })
    const hers = await adviser.open()
    const me = hers.frame.members.find(({ id }) => id === hers.memberId)
    const own = hers.frame.owners.find(({ memberId }) => memberId === hers.memberId)?.id
    const row = [...hers.workspace.rows.values()].find(
      ({ ownerId, divisionId }) => ownerId !== own && divisionId !== null && me?.divisionIds.includes(divisionId),
    )
    if (!row || !me) throw new Error('she sees nothing by her division')
    // hand-made: it does not come back for what it missed
    const deliveries: Delivery[] = []
    const raw: Socket<ServerToClient, ClientToServer> = io(adviser.url, {
      ...{ transports: ['websocket'], forceNew: true, extraHeaders: { cookie: adviser.cookie, origin: adviser.url } },
    })
    raw.on('delivery', (delivery) => deliveries.push(delivery))
    await new Promise<void>((resolve) => raw.on('connect', resolve))
    await raw.emitWithAck('catchUp', hers.at)
    const job = await imported(admin, 'members', `email,divisions\n${me.email},Lyon`)
    expect(job.state).toBe('done')
    await hers.until('it is off her screen', (s) => s.row(row.id) === undefined)
    await screen.send({ type: 'dossier.edit', dossierId: row.id, title: 'Nothing of hers' })
    await screen.until('it is changed', (s) => s.row(row.id)?.title === 'Nothing of hers')
    await hers.until('the change has passed', (s) => s.at >= screen.at)
    await new Promise<void>((resolve) => {
      const look = () => deliveries.some(({ to }) => to >= screen.at) && resolve()
      raw.on('delivery', look)
      look()
    })
    expect(JSON.stringify([hers.applied, deliveries])).not.toContain('Nothing of hers')
    raw.disconnect()
    expect((await undo(job.importId)).status).toBe(200)
    await hers.until('it is back', (s) => s.row(row.id) !== undefined)
    hers.close()
    await screen.send({ type: 'office.changeSettings', seesWhat: 'everyone' })
  })
})
