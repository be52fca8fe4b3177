import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { linkCodeOf, linkIdOf, linkPath, type LinkPurpose } from '#shared/contracts/link.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Member } from '#shared/contracts/member.ts'
import type { Office } from '#shared/contracts/office.ts'
import { addInvitation, addResetLink } from '../commands/link.ts'
import { CommandQueue } from '../commands/queue.ts'
import type { Config } from '../config.ts'
import { newId } from '../new-id.ts'
import { Offices } from '../queries/offices.ts'
import { openStore } from '../store/open.ts'
import { openSqliteStore } from '../store/sqlite/open.ts'
import type { Store } from '../store/store.ts'
import { createOffice } from './create-office.ts'

/** What was asked for on the command line cannot be done; the message says why. */
export class NotPossible extends Error {
  override name = 'NotPossible'
}

/** A link as it is printed, and what it is for. */
export interface PrintedLink {
  url: string
  purpose: LinkPurpose
}

type Where = Pick<Config, 'dataDir' | 'mongodbUri' | 'publicOrigin' | 'port'>

/** Makes another office, whose first admin joins by the link. Works beside a running server, and makes the store where there is none. */
export async function createOfficeBeside(
  where: Where,
  { office, admin }: { office: Omit<Office, 'id' | 'divisionsOn' | 'seesWhat'>; admin: { name: string; email: string } },
): Promise<PrintedLink> {
  const code = newCode()
  const officeId = await withStore(where, { mayBeNew: true }, (store) =>
    createOffice({ store, now: Date.now, newId }, { office, admin: { ...admin, linkId: linkIdOf(code) }, withSample: false }),
  )
  return printed(where, 'invitation', officeId, code)
}

/**
 * Makes a link by which an admin sets a new password within 1 hour; for one who has not joined yet, a new invitation. Throws `NotPossible`
 * where no admin of any office here has this address, or they are deactivated.
 */
export async function resetAdminBeside(where: Where, email: string): Promise<PrintedLink> {
  const code = newCode()
  return withStore(where, { mayBeNew: false }, async (store) => {
    const { officeId, admin } = await adminOf(store, email)
    const purpose = admin.state === 'invited' ? 'invitation' : 'reset'
    const link = { memberId: admin.id, linkId: linkIdOf(code) }
    const queue = new CommandQueue({ store, offices: new Offices(store), now: Date.now, newId, onCommitted: () => {} })
    const answer = await queue.perform(officeId, admin.id, newId(), (context) =>
      purpose === 'invitation' ? addInvitation(context, link, null) : addResetLink(context, link, null),
    )
    if (!answer.ok) throw new NotPossible(`The link was not made: ${answer.refusal.code}.`)
    return printed(where, purpose, officeId, code)
  })
}

async function adminOf(store: Store, email: string): Promise<{ officeId: Id; admin: Member }> {
  const found: { officeId: Id; member: Member }[] = []
  for (const officeId of await store.offices())
    for (const member of await store.all(officeId, 'member')) if (member.email.toLowerCase() === email) found.push({ officeId, member })
  const admins = found.filter(({ member }) => member.role === 'admin')
  // an address signs in to one office only; an invitation to another may be open beside it
  const admin = admins.find(({ member }) => member.state === 'active') ?? admins.find(({ member }) => member.state === 'invited')
  if (admin) return { officeId: admin.officeId, admin: admin.member }
  if (admins.length > 0) throw new NotPossible(`${email} is deactivated: another admin of the office can let them in again.`)
  if (found.length > 0) throw new NotPossible(`${email} is no admin: an admin of their office makes the link, under Settings, Members.`)
  throw new NotPossible(`No member of any office here has the address ${email}.`)
}

async function withStore<T>(
  { dataDir, mongodbUri }: Where,
  { mayBeNew }: { mayBeNew: boolean },
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const isNew = mayBeNew && !existsSync(join(dataDir, 'office.db'))
  const store = mongodbUri === null ? await openSqliteStore({ dataDir, beside: !isNew }) : await openStore({ dataDir, mongodbUri })
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

function newCode(): string {
  return linkCodeOf(randomBytes(16))
}

function printed({ publicOrigin, port }: Where, purpose: LinkPurpose, officeId: Id, code: string): PrintedLink {
  return { url: `${publicOrigin ?? `http://localhost:${port}`}${linkPath(purpose, officeId, code)}`, purpose }
}
