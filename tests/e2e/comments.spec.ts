import type { Page } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { freshDossier, openDossier } from './dossier.steps.ts'
import { expect, test } from './office.fixture.ts'

const written = (page: Page) => page.getByRole('textbox', { name: 'Comment being written' })
const count = (page: Page) => page.getByTestId('comment-count')
const bell = (page: Page) => page.getByTestId('mention-bell')

test('S4.12 a comment appears letter by letter, counts once validated, rings for who is mentioned, and is its author’s alone', async ({
  person,
  office,
}) => {
  const dossier = await freshDossier(office)
  const [adviser, manager] = [await person('adviser'), await person('manager', { colorScheme: 'dark' })]
  await openDossier(adviser, office, dossier.id)
  await openDossier(manager, office, dossier.id)
  await expect(adviser.getByText('No comments yet')).toBeVisible()

  await adviser.keyboard.press('c')
  // at once: what is typed before the editor is there is in it when it comes
  await adviser.keyboard.type('Offer')
  await expect(written(adviser)).toBeFocused()
  const seen = manager.getByRole('article').filter({ hasText: 'Aimée Corsten' })
  await expect(seen).toContainText('Offer')
  await expect(seen).toContainText('being written')
  await adviser.keyboard.type(' until Friday, ask @Dav')
  await expect(adviser.getByRole('option', { name: /Davy/ })).toBeVisible()
  await expectAccessible(adviser)
  await adviser.keyboard.press('Enter')
  await expect(seen).toContainText('Offer until Friday, ask @Davy')
  await expect(count(manager)).toHaveText('0')
  await expect(bell(manager)).toHaveAccessibleName('Mentions')

  await adviser.keyboard.press('Control+Enter')
  await expect(count(adviser)).toHaveText('1')
  await expect(count(manager)).toHaveText('1')
  await expect(seen).toContainText('in the synthesis note')
  await expect(seen).not.toContainText('being written')
  await expect(manager.getByRole('status').filter({ hasText: 'Aimée Corsten mentioned you' })).toBeVisible()
  await expect(bell(manager)).toHaveAccessibleName('1 mention not seen yet')
  await expectAccessible(manager)

  await expect(seen.getByRole('button', { name: 'Edit' })).toHaveCount(0)
  await expect(seen.getByRole('button', { name: 'Delete' })).toHaveCount(0)
  const commentId = (await seen.getAttribute('id'))!.replace('comment-', '')
  const forged = await (await office.signIn('manager')).command({ type: 'comment.delete', dossierId: dossier.id, commentId })
  expect(forged.status).toBe(403)

  await manager.goto(`${office.server.url}/my-day`)
  await expect(manager.getByRole('region', { name: 'Mentions' })).toContainText(dossier.number)
  await expect(bell(manager)).toHaveAccessibleName('1 mention not seen yet')
  await bell(manager).click()
  await manager
    .getByRole('dialog', { name: 'Mentions' })
    .getByRole('link', { name: /Aimée Corsten/ })
    .click()
  await expect(manager.locator(`#comment-${commentId}`)).toBeFocused()
  await expect(bell(manager)).toHaveAccessibleName('Mentions')

  await adviser.getByRole('article').getByRole('button', { name: 'Edit' }).click()
  await adviser.keyboard.type(' Or Monday.')
  await adviser.keyboard.press('Control+Enter')
  await expect(seen).toContainText('Or Monday.')
  await expect(seen).toContainText('edited')
  await expect(bell(manager)).toHaveAccessibleName('Mentions')

  await adviser.getByRole('article').getByRole('button', { name: 'Delete' }).click()
  await adviser.getByRole('dialog').getByRole('button', { name: 'Delete comment' }).click()
  await expect(seen).toContainText('Deleted')
  await expect(seen).not.toContainText('Friday')
  await expect(count(manager)).toHaveText('0')
})

test('S4.12 a draft is there after a reload, an empty one goes away; S4.13 a rule writes one, which is ticked in by hand', async ({
  person,
  office,
}) => {
  const dossier = await freshDossier(office)
  const page = await person('adviser')
  await openDossier(page, office, dossier.id)
  await page.keyboard.press('c')
  await page.keyboard.press('Escape')
  await expect(page.getByText('No comments yet')).toBeVisible()
  await page.getByRole('button', { name: 'Comment', exact: true }).click()
  await expect(written(page)).toBeFocused()
  await page.keyboard.type('Half a thought')
  await expect(page.getByRole('article').getByTestId('note-status')).toHaveAttribute('data-state', 'saved')
  await page.reload()
  await expect(written(page)).toHaveText('Half a thought')
  await expect(count(page)).toHaveText('0')

  const adviser = await office.signIn('adviser')
  const { client } = await adviser.page(dossier.id)
  const children = [{ name: 'Mia', birthDate: '2019-04-02', custody: 'alternating' as const }]
  expect((await adviser.command({ type: 'client.edit', clientId: client.id, fields: { children } })).status).toBe(200)
  const automatic = page.getByRole('article').filter({ hasText: 'Alternating custody' })
  await expect(automatic).toContainText('automatic')
  await expect(count(page)).toHaveText('1')
  await automatic.getByRole('button', { name: 'Open' }).click()
  await expect(automatic).toContainText('Mia, born 2 Apr 2019, lives in alternating custody.')
  await expect(automatic.getByRole('checkbox')).not.toBeChecked()
  await automatic.getByRole('checkbox').check()
  await expect(page.getByText('1 in the synthesis note')).toBeVisible()
  await expectAccessible(page)

  await page.goto(`${office.server.url}/settings/comments`)
  await expect(page.getByText('Admins switch them on and off.')).toBeVisible()
  await expectAccessible(page)
})

test('S4.12 comments on a phone, in German', async ({ person, office }) => {
  const dossier = await freshDossier(office)
  const page = await person('adviser', { locale: 'de-DE', viewport: { width: 390, height: 844 }, hasTouch: true })
  await openDossier(page, office, dossier.id)
  await page.getByRole('button', { name: 'Kommentar', exact: true }).click()
  await expect(page.getByRole('textbox', { name: 'Kommentar in Arbeit' })).toBeFocused()
  await page.keyboard.type('Wohngebäudeversicherungsvertragsunterlagen fehlen noch')
  await page.getByRole('button', { name: 'Bestätigen' }).click()
  await expect(count(page)).toHaveText('1')
  await expect(page.getByRole('checkbox', { name: 'In die Zusammenfassung aufnehmen' })).toBeChecked()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  await expectAccessible(page)
})
