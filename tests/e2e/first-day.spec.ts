import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '../../server/log.ts'
import { startServer } from '../../server/start.ts'
import { testConfig } from '../harness/office.ts'
import { freshDossier, note, openBoard, openDossier, openList } from './dossier.steps.ts'
import { clientDir, expect, test } from './office.fixture.ts'

test('a technician follows the printed link and has an office, with the sample in it; the link works once', async ({ browser }) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'codossier-first-'))
  const server = await startServer({ config: testConfig(dataDir), log: createLog('error'), clientDir })
  const context = await browser.newContext()
  const page = await context.newPage()
  const link = `${server.url}/setup#code=${server.setupCode()}`
  await page.goto(link)
  await page.getByRole('textbox', { name: 'Name of the office' }).fill('Kantoor De Brug')
  await page.getByRole('textbox', { name: 'Your name' }).fill('Nora Sørensen')
  await page.getByRole('textbox', { name: 'E-mail' }).fill('nora@brug.example')
  await page.getByLabel('Password', { exact: true }).fill('a good long password')
  await page.getByRole('radio', { name: /sample office/ }).check()
  await page.getByRole('button', { name: 'Create the office' }).click()
  await expect(page.getByRole('tab', { name: /Clients/ })).toContainText('1,542', { timeout: 30_000 })
  await expect(page.getByText('Kantoor De Brug')).toBeVisible()
  await context.clearCookies()
  await page.goto('about:blank')
  await page.goto(link)
  await expect(page.getByRole('heading', { name: 'This link is used or out of date' })).toBeVisible()
  await context.close()
  await server.close()
  await rm(dataDir, { recursive: true, force: true })
})

test('L4 the history shows author, before and after, and takes a change back on both screens', async ({ person, office }) => {
  const dossier = await freshDossier(office)
  const adviser = await person('adviser')
  await openDossier(adviser, office, dossier.id)
  const manager = await person('manager')
  await openDossier(manager, office, dossier.id)
  const aimee = await office.signIn('adviser')
  await aimee.command({ type: 'dossier.edit', dossierId: dossier.id, title: 'Bridge loan' })
  await expect(manager.getByRole('main').locator('del', { hasText: 'First home' })).toBeVisible()
  await expect(manager.getByRole('main').locator('ins', { hasText: 'Bridge loan' })).toBeVisible()
  await adviser.locator('button.undo').first().click()
  await expect(manager.getByRole('main').getByText('First home').first()).toBeVisible()
  await expect(manager.getByRole('main').locator('ins', { hasText: 'First home' })).toBeVisible()
})

test('leaving a tab with words that are kept nowhere asks first', async ({ person, office }) => {
  const dossier = await freshDossier(office)
  const adviser = await person('adviser')
  // a browser that keeps nothing, as in a private window
  await adviser.addInitScript(() => Object.defineProperty(window, 'indexedDB', { value: undefined }))
  await openDossier(adviser, office, dossier.id)
  await adviser.context().setOffline(true)
  await note(adviser).click()
  await adviser.keyboard.type('Not saved')
  const asked = adviser.waitForEvent('dialog')
  void adviser.close({ runBeforeUnload: true })
  const dialog = await asked
  expect(dialog.type()).toBe('beforeunload')
  await dialog.dismiss()
  await adviser.context().setOffline(false)
  await expect(adviser.getByText(/^Saved \d/)).toBeVisible({ timeout: 30_000 })
})

test('S0.4 an owner filter offers only owners of something here, and new rows of others wait', async ({ person, office }) => {
  const mine = await freshDossier(office)
  const adviser = await person('adviser')
  const stamp = mine.client.split(' ').at(-1)!
  await openList(adviser, office, stamp.slice(0, 8))
  await adviser
    .getByRole('button', { name: /^Owner/ })
    .first()
    .click()
  await expect(adviser.getByRole('menuitemcheckbox', { name: /Aimée Corsten/ })).toBeVisible()
  await expect(adviser.getByRole('menuitemcheckbox', { name: /Hector Nguyen/ })).toHaveCount(0)
  await adviser.keyboard.press('Escape')
  const list = await adviser.context().newPage()
  await openList(list, office, 'Van ')
  await expect(list.locator(`[data-dossier="${mine.id}"]`)).toBeVisible()
  const davy = await office.signIn('manager')
  const screen = await davy.open()
  await screen.send({
    type: 'dossier.create',
    dossierId: `waiting${mine.id}`.slice(0, 20),
    client: { id: `client${mine.id}`.slice(0, 20), new: { firstName: 'Bo', lastName: `Van ${mine.id}` } },
    kind: 'wealth',
    title: 'Waits',
    amount: null,
  })
  screen.close()
  const chip = list.getByRole('button', { name: /1 new/ })
  await expect(chip).toBeVisible()
  await chip.click()
  await expect(list.getByText('Waits')).toBeVisible()
})

test('the “Move to…” menu moves a card, and z takes it back', async ({ person, office }) => {
  const dossier = await freshDossier(office)
  const manager = await person('manager')
  await openBoard(manager, office, dossier.number)
  const card = manager.locator(`[data-dossier="${dossier.id}"]`)
  await card.hover()
  await card.getByRole('button').first().click()
  await manager.getByRole('menuitemcheckbox', { name: /Offer received/ }).click()
  const column = (name: string) => manager.getByRole('region', { name: new RegExp(`^${name}`) })
  await expect(column('Offer received').locator(`[data-dossier="${dossier.id}"]`)).toBeVisible()
  await manager.keyboard.press('z')
  await expect(column('Client created').locator(`[data-dossier="${dossier.id}"]`)).toBeVisible()
})

test('L3 without a network the board still opens, and the words typed before are saved on return', async ({ person, office }) => {
  const dossier = await freshDossier(office)
  const adviser = await person('adviser')
  await openDossier(adviser, office, dossier.id)
  await adviser.waitForLoadState('networkidle')
  await adviser.context().setOffline(true)
  await note(adviser).click()
  await adviser.keyboard.type('Typed in the tunnel')
  await adviser.getByRole('link', { name: 'Board' }).click()
  await expect(adviser.locator('[data-board-ready]')).toBeVisible()
  await adviser.context().setOffline(false)
  const manager = await person('manager')
  await openDossier(manager, office, dossier.id)
  await expect(note(manager)).toContainText('Typed in the tunnel', { timeout: 30_000 })
})

test('a search that finds nothing says so, and what comes after it works', async ({ person, office }) => {
  const adviser = await person('adviser')
  const faults: string[] = []
  adviser.on('pageerror', (error) => faults.push(error.message))
  await openList(adviser, office, '', 'client')
  await adviser.keyboard.press('/')
  await adviser.keyboard.type('zzqqxx')
  await expect(adviser.locator('[data-dossier]')).toHaveCount(0)
  await adviser.getByRole('button', { name: /Clear/ }).first().click()
  await expect(adviser.locator('[data-dossier]').first()).toBeVisible()
  expect(faults).toEqual([])
})
