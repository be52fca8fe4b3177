import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { freshDossier, openBoard, openDossier, openList } from './dossier.steps.ts'
import { expect, password, people, test } from './office.fixture.ts'

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([])
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every screen is clean for axe, ${colorScheme}`, async ({ person, office, browser }) => {
    const context = await browser.newContext({ colorScheme })
    const guest = await context.newPage()
    await guest.goto(`${office.server.url}/sign-in`)
    await guest.getByRole('textbox', { name: /mail/i }).waitFor()
    await expectAccessible(guest)
    await guest.goto(`${office.server.url}/setup#code=wrong`)
    await guest.getByRole('heading').first().waitFor()
    await expectAccessible(guest)
    await context.close()

    const dossier = await freshDossier(office)
    const page = await person('adviser', { colorScheme })
    await openList(page, office, '', 'client')
    await expectAccessible(page)
    await page.keyboard.press('c')
    await page.getByRole('dialog').waitFor()
    await expectAccessible(page)
    await openBoard(page, office)
    await expectAccessible(page)
    await openDossier(page, office, dossier.id)
    await expectAccessible(page)
    await page.getByRole('button', { name: /^Owner and division: / }).click()
    await page.getByRole('dialog').waitFor()
    await expectAccessible(page)
  })
}

test('every screen once in German', async ({ person, office, browser }) => {
  const german = { locale: 'de-DE' }
  const guest = await browser.newPage(german)
  await guest.goto(`${office.server.url}/sign-in`)
  await expect(guest.getByRole('button', { name: 'Anmelden' })).toBeVisible()
  expect(await guest.locator('html').getAttribute('lang')).toBe('de')
  await guest.close()
  const dossier = await freshDossier(office)
  const page = await person('adviser', german)
  await openList(page, office, '', 'client')
  await expect(page.getByRole('tab', { name: /Kunden/ })).toBeVisible()
  await openBoard(page, office)
  await expect(page.getByRole('region', { name: /^Unterlagen erhalten/ })).toBeVisible()
  await page.goto(`${office.server.url}/dossiers/${dossier.id}`)
  await expect(page.getByRole('textbox', { name: 'Interne Notiz' })).toBeVisible()
  await expect(page.getByRole('main')).not.toContainText(/Saved|Owner|History/)
})

test('a person signs in by the form, and a wrong password says so', async ({ office, browser }) => {
  const adviser = await office.signIn('adviser')
  await adviser.command({ type: 'member.editProfile', language: 'en' })
  const page = await browser.newPage()
  await page.goto(`${office.server.url}/dossiers`)
  await page.getByRole('textbox', { name: /mail/i }).fill(people.adviser)
  await page.getByLabel('Password', { exact: true }).fill('wrong password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert')).toContainText(/password/i)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('tab', { name: /Clients/ })).toContainText(/1,5\d\d/)
  await page.close()
})

test('S3.3 S0.2 a new dossier by key: a client typed in anew, a name is enough', async ({ person, office }) => {
  const page = await person('adviser')
  await openList(page, office, '', 'prospect')
  await page.keyboard.press('c')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('combobox').first().fill('Zoë Ångström')
  await page
    .getByRole('option', { name: /Zoë Ångström/ })
    .last()
    .click()
  await dialog.getByRole('textbox', { name: /Title/ }).fill('Second home')
  await dialog.getByRole('button', { name: /Create/ }).click()
  await expect(page).toHaveURL(/\/dossiers\/[\w-]{14,}/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Zoë Ångström')
  await expect(page.getByRole('button', { name: /^Owner and division: Aimée Corsten . Rotterdam/ })).toBeVisible()
})

test('all 2,108 open dossiers of the sample are on the board, with few cards in the page', async ({ person, office }) => {
  const page = await person('manager')
  await openBoard(page, office)
  const figures = await page.getByTestId('figures').allInnerTexts()
  const open = figures.map((text) => Number(text.split('·')[0]?.replace(/\D/g, '')))
  // other tests add theirs to the first columns
  for (const [i, count] of [853, 308, 321, 330, 296].entries()) expect(open[i]).toBeGreaterThanOrEqual(count)
  expect(await page.locator('[data-dossier]').count()).toBeLessThan(150)
})

test('the address bar holds tab, filters and sort', async ({ person, office }) => {
  const page = await person('adviser')
  await openList(page, office, 'sorensen', 'client')
  await expect(page.locator('[data-dossier]').first()).toContainText(/Sørensen/i)
  await page.getByRole('tab', { name: /Closed/ }).click()
  await expect(page).toHaveURL(/tab=closed.*#q=sorensen/)
  await page.reload()
  await expect(page.getByRole('tab', { name: /Closed/ })).toHaveAttribute('aria-selected', 'true')
})
