import type { Page } from '@playwright/test'
import { linkIdOf, linkPath } from '#shared/contracts/link.ts'
import { expectAccessible } from './accessible.ts'
import { freshDossier } from './dossier.steps.ts'
import { expect, test } from './office.fixture.ts'
import { goodPassword, newCode } from '../harness/links.ts'
import { invite, newColleague, openMembers, pageOf, rowOf } from './people.steps.ts'

test('an admin invites, another browser takes the link up and is in, and every admin sees it; a used link says so', async ({
  person,
  office,
  browser,
}) => {
  const admin = await person('admin', { permissions: ['clipboard-read', 'clipboard-write'] })
  await openMembers(admin, office)
  await admin.keyboard.press('c')
  const dialog = admin.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'E-mail' }).fill('Aimee.Corsten@office.example')
  await expect(dialog.getByText('Aimée Corsten already has this address.')).toBeVisible()
  await dialog.getByRole('textbox', { name: 'E-mail' }).fill('nora.sorensen@office.example')
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Nora Sørensen')
  await dialog.getByRole('radio', { name: /^Clerk/ }).check()
  await dialog.getByRole('checkbox', { name: 'Rotterdam' }).check()
  await dialog.getByLabel('Language').selectOption('Dansk')
  await dialog.getByRole('button', { name: 'Make the link' }).click()
  await expect(dialog.getByRole('heading', { name: 'A link for Nora Sørensen' })).toBeVisible()
  const link = await dialog.getByRole('textbox', { name: 'Link' }).inputValue()
  await dialog.getByRole('button', { name: 'Copy the link' }).click()
  await expect(dialog.getByRole('button', { name: 'Copied' })).toBeVisible()
  expect(await admin.evaluate(() => navigator.clipboard.readText())).toBe(link)
  await admin.keyboard.press('Escape')
  const row = admin.getByRole('row', { name: /Nora Sørensen/ })
  await expect(row).toContainText('Invited')
  await expect(row).toContainText('link until')

  const context = await browser.newContext({ locale: 'en-GB' })
  const nora = await context.newPage()
  await nora.goto(link)
  // in the language of the invitation, and without the code in the address
  await expect(nora.getByRole('heading', { name: 'Bliv en del af Office Amstel & Rhône' })).toBeVisible()
  expect(nora.url()).toBe(`${office.server.url}/join`)
  await nora.getByLabel('Adgangskode', { exact: true }).fill('nora sorensen')
  await nora.getByRole('button', { name: 'Bliv med' }).click()
  await expect(nora.getByText(/et navn eller en adresse/)).toBeVisible()
  // neither another language nor a reload loses the link
  await nora.getByRole('button', { name: 'English' }).click()
  await expect(nora.getByLabel('Password', { exact: true })).toHaveValue('nora sorensen')
  await nora.reload()
  await nora.getByLabel('Adgangskode', { exact: true }).fill(goodPassword)
  await nora.getByRole('button', { name: 'English' }).click()
  await nora.getByRole('textbox', { name: 'Your name' }).fill('Nora Sørensen Lund')
  await nora.getByRole('button', { name: 'Join' }).click()
  await expect(nora.getByRole('tab', { name: /Clients/ })).toBeVisible({ timeout: 20_000 })
  const joined = admin.getByRole('row', { name: /Nora Sørensen Lund/ })
  await expect(joined).toContainText('Active')
  await expect(joined).toContainText('Clerk')

  await nora.goto('about:blank')
  await nora.goto(link)
  await expect(nora.getByRole('heading', { name: 'You are signed in here already' })).toBeVisible()
  await nora.getByRole('button', { name: 'Sign out and go on' }).click()
  await expect(nora.getByRole('heading', { name: 'This link has been used' })).toBeVisible()
  await expect(nora.getByText(/from an administrator: .*Kyara Scholten/)).toBeVisible()
  await context.close()
})

test('a changed role changes the buttons on an open page; who is deactivated is out, and back in when it is taken back', async ({
  person,
  office,
  browser,
}) => {
  const dossier = await freshDossier(office)
  const zora = await newColleague(office, 'viewer')
  const context = await browser.newContext()
  const page = await pageOf(context, zora.signedIn)
  await page.goto(`${office.server.url}/dossiers/${dossier.id}`)
  const owner = page.getByRole('button', { name: /^Owner and division: / })
  await expect(owner).toHaveAttribute('aria-disabled', 'true')

  const admin = await person('admin')
  await openMembers(admin, office)
  const second = await person('admin')
  await openMembers(second, office)
  await rowOf(admin, zora.memberId)
    .getByRole('button', { name: /^Role of/ })
    .click()
  await admin.getByRole('menuitemcheckbox', { name: /^Administrator/ }).click()
  await expect(rowOf(second, zora.memberId)).toContainText('Administrator')
  await expect(owner).not.toHaveAttribute('aria-disabled', 'true')

  await rowOf(admin, zora.memberId)
    .getByRole('button', { name: /^Actions/ })
    .click()
  await admin.getByRole('menuitem', { name: /^Deactivate/ }).click()
  await expect(page).toHaveURL(/sign-in/)
  await expect(rowOf(second, zora.memberId)).toContainText('Deactivated')
  await admin.keyboard.press('z')
  await expect(rowOf(second, zora.memberId)).toContainText('Active')
  await page.getByRole('textbox', { name: /mail/i }).fill(zora.email)
  await page.getByLabel('Password', { exact: true }).fill(goodPassword)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(owner).toBeVisible()
  await context.close()

  // the role goes back too, and with it the last active admin stays: greyed, with the reason
  await admin.keyboard.press('z')
  await expect(rowOf(second, zora.memberId)).toContainText('Viewer')
  const me = admin.locator('[data-member]', { hasText: 'Kyara Scholten' })
  await me.getByRole('button', { name: /^Role of/ }).click()
  const adviser = admin.getByRole('menuitemcheckbox', { name: /^Adviser/ })
  await expect(adviser).toHaveAttribute('aria-disabled', 'true')
  await expect(adviser).toContainText('The last administrator stays administrator.')
})

test('a reset link sets a new password, ends the other session, and is shown to the member and to admins', async ({
  person,
  office,
  browser,
}) => {
  const zora = await newColleague(office)
  const context = await browser.newContext()
  const page = await pageOf(context, zora.signedIn)
  await page.goto(`${office.server.url}/settings/profile`)
  await expect(page.getByText('No link for a new password was made so far.')).toBeVisible()

  const admin = await person('admin')
  await openMembers(admin, office)
  await admin.getByRole('link', { name: zora.name }).click()
  await admin.getByRole('dialog').getByRole('checkbox', { name: 'Lyon' }).check()
  await admin
    .getByRole('dialog')
    .getByRole('button', { name: /^Role of/ })
    .click()
  await admin.getByRole('menuitemcheckbox', { name: /^Clerk/ }).click()
  await expect(page.locator('dl')).toContainText('Clerk')
  await expect(page.locator('dl')).toContainText('Lyon')
  await admin.getByRole('dialog').getByRole('button', { name: 'Link for a new password' }).click()
  const link = await admin.getByRole('textbox', { name: 'Link' }).inputValue()
  await admin.keyboard.press('Escape')
  const lines = admin.getByRole('dialog', { name: zora.name })
  await expect(lines).toContainText('Kyara Scholten made a link for a new password')
  await expect(page.getByRole('status').filter({ hasText: 'Kyara Scholten made a link for a new password for you' }).first()).toBeVisible()

  const other = await browser.newContext()
  const second = await other.newPage()
  await second.goto(link)
  await second.getByLabel('New password', { exact: true }).fill('another nine herons')
  await other.setOffline(true)
  await second.getByRole('button', { name: 'Set the password' }).click()
  await expect(second.getByRole('alert')).toContainText('The server cannot be reached')
  await other.setOffline(false)
  await second.getByRole('button', { name: 'Set the password' }).click()
  await expect(second.getByRole('tab', { name: /Clients/ })).toBeVisible({ timeout: 20_000 })
  await expect(page).toHaveURL(/sign-in/)
  await expect(lines).toContainText('The new password was set by the link')
  await context.close()
  await other.close()
})

test('one’s own language, theme and name go to every browser; sessions are ended one by one and all at once', async ({
  office,
  browser,
}) => {
  const zora = await newColleague(office)
  const context = await browser.newContext({ colorScheme: 'light' })
  const first = await pageOf(context, zora.signedIn)
  await first.goto(`${office.server.url}/settings/profile`)
  const other = await browser.newContext({ colorScheme: 'light' })
  const second = await other.newPage()
  await second.goto(`${office.server.url}/settings/profile`)
  await second.getByRole('textbox', { name: /mail/i }).fill(zora.email)
  await second.getByLabel('Password', { exact: true }).fill(goodPassword)
  await second.getByRole('button', { name: 'Sign in' }).click()
  await second.getByLabel('Current password').fill('typed before')

  await first.getByRole('radio', { name: 'Deutsch' }).check()
  await first.getByRole('radio', { name: 'Dunkel' }).check()
  await first.getByRole('textbox', { name: 'Ihr Name' }).fill('Zora Neu')
  await first.keyboard.press('Enter')
  await expect(second.getByRole('heading', { name: 'Wo Sie angemeldet sind' })).toBeVisible()
  await expect(second.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect(second.locator('html')).toHaveAttribute('lang', 'de')
  await expect(second.getByRole('textbox', { name: 'Ihr Name' })).toHaveValue('Zora Neu')
  // the words changed, the page was not loaded anew
  await expect(second.getByLabel('Jetziges Passwort')).toHaveValue('typed before')

  await first.reload()
  await first.getByRole('button', { name: /^Chrome unter .* abmelden$/ }).click()
  await expect(second).toHaveURL(/sign-in/)
  await first.getByLabel('Jetziges Passwort').fill('not this one')
  await first.getByLabel('Neues Passwort').fill('another nine herons')
  await first.getByRole('button', { name: 'Passwort ändern' }).click()
  await expect(first.getByText('Das jetzige Passwort stimmt nicht.')).toBeVisible()
  await first.getByLabel('Jetziges Passwort').fill(goodPassword)
  await first.getByRole('button', { name: 'Passwort ändern' }).click()
  await expect(first.getByRole('status').filter({ hasText: 'Ihr Passwort ist geändert' })).toBeVisible()
  await first.getByRole('button', { name: 'Überall abmelden' }).click()
  await expect(first).toHaveURL(/sign-in/)
  // the browser speaks it from its first page on
  await first.reload()
  await expect(first.getByRole('button', { name: 'Anmelden' })).toBeVisible()
  await context.close()
  await other.close()
})

/** Clean for axe, and nothing stands out of the screen sideways. */
async function expectSound(page: Page): Promise<void> {
  await expectAccessible(page)
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
}

test('members and profile are clean for axe, wide and light', async ({ person, office }) => {
  const zora = await newColleague(office)
  const signedIn = await office.signIn('admin')
  await signedIn.command({ type: 'member.makeResetLink', memberId: zora.memberId, linkId: linkIdOf(newCode()) })
  const admin = await person('admin', { colorScheme: 'light' })
  await openMembers(admin, office)
  await expectSound(admin)
  await rowOf(admin, zora.memberId).getByRole('link').click()
  await admin.getByRole('dialog').locator('time').waitFor()
  await expectSound(admin)
  await admin.keyboard.press('Escape')
  await admin.getByRole('dialog').waitFor({ state: 'detached' })
  await admin.keyboard.press('c')
  await admin.getByRole('dialog').waitFor()
  await expectSound(admin)
})

test('on a dark phone, in German: members, profile and the pages behind links, clean for axe', async ({ person, office, browser }) => {
  const phone = { viewport: { width: 390, height: 844 }, locale: 'de-DE', colorScheme: 'dark', hasTouch: true, isMobile: true } as const
  const { path, officeId } = await invite(office)
  const admin = await person('admin', phone)
  await openMembers(admin, office)
  await expect(admin.getByRole('main')).not.toContainText(/Invited|Member|Role|Deactivated/)
  await expectSound(admin)
  await admin.getByRole('button', { name: /^Kyara Scholten/ }).click()
  await admin.getByRole('menuitem', { name: 'Mein Profil' }).click()
  await admin.locator('#sessions').waitFor()
  await expectSound(admin)
  const context = await browser.newContext(phone)
  const guest = await context.newPage()
  for (const [target, title] of [
    [linkPath('reset', officeId, newCode()), 'Dieser Link ist hier nicht bekannt'],
    [path, 'Join Office Amstel & Rhône'],
  ] as const) {
    await guest.goto('about:blank')
    await guest.goto(office.server.url + target)
    await expect(guest.getByRole('heading', { name: title })).toBeVisible()
    await expectSound(guest)
  }
  await context.close()
})
