import type { BrowserContext, Page } from '@playwright/test'
import type { Id } from '#shared/contracts/ids.ts'
import { linkPath } from '#shared/contracts/link.ts'
import type { Role } from '#shared/contracts/member.ts'
import { type Invited, invite as inviteBy, joined } from '../harness/links.ts'
import type { SignedIn } from '../harness/member.ts'
import type { TestOffice } from '../harness/office.ts'

/** Somebody invited for one test alone; `path` of their link. */
export async function invite(office: TestOffice, role: Role = 'adviser'): Promise<Invited & { officeId: Id; name: string; path: string }> {
  const admin = await (await office.signIn('admin')).open()
  const name = `Zora ${admin.at}`
  const officeId = admin.frame.office.id
  const invited = await inviteBy(admin, role, { name })
  admin.close()
  return { ...invited, officeId, name, path: linkPath('invitation', officeId, invited.code) }
}

/** Somebody who has just joined, for one test alone. */
export async function newColleague(office: TestOffice, role: Role = 'adviser') {
  const invited = await invite(office, role)
  return { ...invited, signedIn: await joined(office.server.url, invited.officeId, invited, invited.name) }
}

/** A page of a browser that has this session. */
export async function pageOf(context: BrowserContext, { url, cookie }: SignedIn): Promise<Page> {
  await context.addCookies(cookie.split('; ').map((c) => ({ name: c.split('=')[0]!, value: c.slice(c.indexOf('=') + 1), url })))
  return context.newPage()
}

export async function openMembers(page: Page, office: TestOffice): Promise<void> {
  await page.goto(`${office.server.url}/settings/members`)
  await page.locator('[data-member]').first().waitFor()
}

export const rowOf = (page: Page, memberId: Id) => page.locator(`[data-member="${memberId}"]`)
