import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer, Command } from '#shared/contracts/commands.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { NoteGrant } from '#shared/contracts/notes-wire.ts'
import { newId } from '../../server/new-id.ts'
import type { Screen, SignedIn } from '../harness/member.ts'
import { type Person, startSampleOffice, type TestOffice } from '../harness/office.ts'

// "Who may do what", written out by hand from the rules, for a dossier that is …
// own: the actor's (or, for who owns nothing, a colleague's in their division) · theirs: a colleague's in the actor's division
// far: of another division · free: nobody's, in the actor's division · bare: a colleague's, of no division
const situations = ['own', 'theirs', 'far', 'free', 'bare'] as const
type Situation = (typeof situations)[number]

const all: Situation[] = [...situations]
const allowed: Record<string, Partial<Record<Person, Situation[]>>> = {
  read: { admin: all, manager: all, adviser: all, clerk: all, viewer: all },
  edit: { admin: all, manager: all, adviser: all, clerk: all, viewer: [] },
  stage: { admin: all, manager: all, adviser: all, clerk: all, viewer: [] },
  abandon: { admin: all, manager: all, adviser: all, clerk: all, viewer: [] },
  note: { admin: all, manager: all, adviser: all, clerk: all, viewer: [] },
  owner: { admin: all, manager: ['own', 'theirs', 'free', 'bare'], adviser: ['own', 'free'], clerk: ['free'], viewer: [] },
}
const actors: Person[] = ['admin', 'manager', 'adviser', 'clerk', 'viewer']

let office: TestOffice
let admin: Screen
const members = new Map<Person, { http: SignedIn; screen: Screen }>()

beforeAll(async () => {
  office = await startSampleOffice(actors)
  for (const actor of actors) {
    const http = await office.signIn(actor)
    members.set(actor, { http, screen: await http.open() })
  }
  admin = members.get('admin')!.screen
  // everybody in one division, so that "theirs" and "own" mean the same for each
  const rotterdam = division('Rotterdam')
  for (const { screen } of members.values()) {
    await admin.send({ type: 'member.changeDivisions', memberId: screen.memberId, divisionIds: [rotterdam] })
  }
})
afterAll(async () => {
  for (const { screen } of members.values()) screen.close()
  await office?.stop()
})

const division = (name: string) => admin.frame.divisions.find((d) => d.name === name)!.id
const owner = (name: string) => admin.frame.owners.find((o) => o.name === name)!.id

async function dossierIn(situation: Situation, actor: Person): Promise<Id> {
  const { memberId } = members.get(actor)!.screen
  const own = admin.frame.owners.find((o) => o.memberId === memberId)?.id ?? owner('Aimée Corsten')
  const place = {
    own: { ownerId: own, divisionId: division('Rotterdam') },
    theirs: { ownerId: owner('Julian den Adel'), divisionId: division('Rotterdam') },
    far: { ownerId: owner('Flore Huet'), divisionId: division('Lyon') },
    free: { ownerId: owner('Julian den Adel'), divisionId: division('Rotterdam') },
    bare: { ownerId: owner('Julian den Adel'), divisionId: null },
  }[situation]
  const dossierId = newId()
  const client = { id: newId(), new: { firstName: 'Cell', lastName: 'Of the table' } }
  await done(admin.send({ type: 'dossier.create', dossierId, client, kind: 'wealth', title: 'Cell', amount: null, ...place }))
  if (situation === 'free') await done(admin.send({ type: 'dossier.changeOwner', dossierId, ownerId: null }))
  return dossierId
}

async function done(answer: Promise<Answer>): Promise<void> {
  expect(await answer).toMatchObject({ ok: true })
}

function commandFor(action: string, dossierId: Id, situation: Situation): Command {
  switch (action) {
    case 'edit':
      return { type: 'dossier.edit', dossierId, title: `Edited ${newId()}` }
    case 'stage':
      return { type: 'dossier.moveStage', dossierId, stageId: admin.frame.stages[2]!.id }
    case 'abandon':
      return { type: 'dossier.abandon', dossierId, reason: 'other' }
    default:
      return { type: 'dossier.changeOwner', dossierId, ownerId: situation === 'far' ? owner('Hector Nguyen') : owner('Davy van der Pol') }
  }
}

describe.each(actors)('the table of rights for the %s', (actor) => {
  it.each(['edit', 'stage', 'abandon', 'owner'])('%s, cell by cell, by API and by socket', async (action) => {
    const { http, screen } = members.get(actor)!
    for (const situation of situations) {
      const may = allowed[action]?.[actor]?.includes(situation) ?? false
      const byApi = await http.command(commandFor(action, await dossierIn(situation, actor), situation))
      expect([situation, byApi.status], `${actor} ${action} ${situation} by API`).toEqual([situation, may ? 200 : 403])
      const bySocket = await screen.send(commandFor(action, await dossierIn(situation, actor), situation), { seen: 1_000_000 })
      expect(bySocket.ok, `${actor} ${action} ${situation} by socket`).toBe(may)
      if (!bySocket.ok) expect(bySocket.refusal).toMatchObject({ code: 'forbidden' })
    }
  })

  it('read and note, cell by cell', async () => {
    const { http } = members.get(actor)!
    for (const situation of situations) {
      const dossierId = await dossierIn(situation, actor)
      expect((await http.get(`/api/v1/dossiers/${dossierId}`)).status).toBe(allowed.read?.[actor]?.includes(situation) ? 200 : 404)
      const grant = (await (await http.post(`/api/v1/dossiers/${dossierId}/note/grant`, {})).json()) as NoteGrant
      expect(grant.mayWrite, `${actor} note ${situation}`).toBe(allowed.note?.[actor]?.includes(situation))
    }
  })

  it('create', async () => {
    const { http } = members.get(actor)!
    const client = { id: newId(), new: { firstName: '', lastName: 'New' } }
    const { status } = await http.command({
      type: 'dossier.create',
      dossierId: newId(),
      client,
      kind: 'pension',
      title: 'New',
      amount: null,
      ownerId: owner('Aimée Corsten'),
    })
    expect(status).toBe(actor === 'viewer' ? 403 : 200)
  })

  it('settings, roles and divisions are the admin’s', async () => {
    const { http, screen } = members.get(actor)!
    const commands: Command[] = [
      { type: 'office.changeSettings', divisionsOn: true },
      { type: 'member.changeRole', memberId: screen.memberId, role: screen.frame.members.find((m) => m.id === screen.memberId)!.role },
      { type: 'member.changeDivisions', memberId: screen.memberId, divisionIds: [division('Rotterdam')] },
    ]
    for (const command of commands) expect((await http.command(command)).status).toBe(actor === 'admin' ? 200 : 403)
  })
})
