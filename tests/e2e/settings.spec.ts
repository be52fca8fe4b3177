import type { Page } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { freshDossier, openBoard } from './dossier.steps.ts'
import { expect, test } from './office.fixture.ts'

test('divisions are made, named and ticked by keyboard, on a colleague’s screen at once; z takes it back', async ({ person, office }) => {
  const admin = await person('admin')
  const { cookie } = await office.signIn('admin')
  const other = await admin.context().browser()!.newContext()
  await other.addCookies(
    cookie.split('; ').map((c) => ({ name: c.split('=')[0]!, value: c.slice(c.indexOf('=') + 1), url: office.server.url })),
  )
  const colleague = await other.newPage()
  await Promise.all([admin, colleague].map((page) => page.goto(`${office.server.url}/settings/divisions`)))

  await admin.getByRole('textbox', { name: 'New division' }).fill('lyon')
  await expect(admin.getByText('There is a division of this name already.')).toBeVisible()
  await admin.getByRole('textbox', { name: 'New division' }).fill('Ålborg')
  await admin.getByRole('button', { name: 'Create' }).click()
  await expect(colleague.getByRole('columnheader', { name: /Ålborg/ })).toBeVisible()
  await admin.getByRole('button', { name: 'Rename Ålborg' }).click()
  await admin.getByRole('textbox', { name: 'Name of the division' }).fill('Aarhus')
  await admin.keyboard.press('Enter')
  await expect(colleague.getByRole('columnheader', { name: /Aarhus/ })).toBeVisible()

  const tick = (page: Page) => page.getByRole('checkbox', { name: 'Aimée Corsten in Aarhus' })
  await tick(admin).focus()
  await admin.keyboard.press('ArrowDown')
  await expect(tick(admin)).not.toBeFocused()
  await admin.keyboard.press('ArrowUp')
  await expect(tick(admin)).toBeFocused()
  await admin.keyboard.press('Space')
  await expect(tick(admin)).toBeChecked()
  await expect(tick(colleague)).toBeChecked()
  await expect(admin.getByRole('button', { name: 'Delete Aarhus' })).toHaveAttribute('aria-disabled', 'true')
  await expect(admin.getByRole('button', { name: 'Delete Aarhus' })).toHaveAttribute(
    'title',
    'Not empty: 1 people, 0 dossiers. Move them first.',
  )
  await expectAccessible(admin)
  await admin.keyboard.press('z')
  await expect(tick(colleague)).not.toBeChecked()
  await admin.getByRole('button', { name: 'Delete Aarhus' }).click()
  await expect(colleague.getByRole('columnheader', { name: /Aarhus/ })).toHaveCount(0)
  await other.close()
})

test('stages added, renamed, moved and removed are so on the board of another, who reloads nothing', async ({ person, office }) => {
  const admin = await person('admin')
  const viewer = await person('viewer')
  await admin.goto(`${office.server.url}/settings/stages`)
  const held = await freshDossier(office)
  await openBoard(viewer, office, held.number)
  const column = (name: string) => viewer.getByRole('region', { name: new RegExp(name) })
  await expect(column('Offer received')).toBeVisible()

  await admin.getByRole('textbox', { name: 'Name in English', exact: true }).fill('Valued')
  await admin.getByRole('button', { name: 'Add a stage' }).click()
  await expect(column('Valued')).toBeVisible()
  const name = admin.getByRole('textbox', { name: 'Name in English: Valued' })
  await name.fill('Appraised')
  await name.press('Enter')
  await expect(column('Appraised')).toBeVisible()
  const last = admin.getByRole('textbox', { name: 'Name in English: Appraised' })
  await last.press('Alt+ArrowUp')
  const order = admin.getByRole('list', { name: 'Stages' }).getByRole('listitem')
  await expect(order.nth(4).getByRole('textbox').first()).toHaveValue('Appraised')
  await expect.poll(async () => (await column('Appraised').boundingBox())!.x < (await column('Offer signed').boundingBox())!.x).toBe(true)

  // one with dossiers in it asks where they go
  await admin.getByRole('button', { name: 'Remove Client created' }).click()
  const dialog = admin.getByRole('dialog')
  await expect(dialog.getByText(/^It holds \d+ dossiers/)).toBeVisible()
  await dialog.getByLabel('They go to').selectOption('Appraised')
  await dialog.getByRole('button', { name: /^Remove and move/ }).click()
  await expect(column('Client created')).toHaveCount(0)
  await expect(column('Appraised').getByText(held.number)).toBeVisible()
  await admin.getByRole('button', { name: /^Undo/ }).last().click()
  await expect(column('Client created')).toBeVisible()

  await admin.getByRole('button', { name: 'Make this the closing stage: Appraised' }).click()
  await expect(dialog.getByText('Dossiers that become closed: 0')).toBeVisible()
  await expect(dialog.getByText(/Closed dossiers that become clients’ again: [1-9]/)).toBeVisible()
  await admin.keyboard.press('Escape')
  await expectAccessible(admin)
  await admin.getByRole('button', { name: 'Remove Appraised' }).click()
  await dialog.getByRole('button', { name: 'Remove the stage' }).click()
  await expect(column('Appraised')).toHaveCount(0)
})

test('L2 who sees only their own from now on loses the dossier they are on, with its note; and has it back afterwards', async ({
  person,
  office,
}) => {
  const admin = await person('admin')
  const stranger = await person('stranger')
  const dossier = await freshDossier(office)
  await admin.goto(`${office.server.url}/settings/office`)
  await stranger.goto(`${office.server.url}/dossiers/${dossier.id}`)
  await expect(stranger.locator('.ProseMirror')).toBeVisible()
  await expect(admin.getByText(/Members from whose screens dossiers go at once: [1-9]/)).toBeVisible()
  await admin.getByRole('radio', { name: 'Each their own' }).check()
  await expect(stranger.locator('.ProseMirror')).toHaveCount(0)
  await expect(stranger.getByText(dossier.number)).toHaveCount(0)
  await admin.getByRole('radio', { name: 'Everyone sees all' }).check()
  await expect(stranger.locator('.ProseMirror')).toBeVisible()

  const name = admin.getByRole('textbox', { name: 'Name of the office' })
  await name.fill('Bureau Amstel')
  await name.press('Enter')
  await expect(stranger.getByText('Bureau Amstel').first()).toBeAttached()
  await admin.keyboard.press('Escape')
  await admin.getByRole('heading', { name: 'About the office' }).click()
  await admin.keyboard.press('z')
  await expect(name).toHaveValue('Office Amstel & Rhône')
  await expectAccessible(admin)
})

test('in German on a phone nothing is cut off or pushed aside; who is no admin is told so', async ({ person, office }) => {
  const admin = await person('admin', { locale: 'de-DE', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
  for (const path of ['stages', 'office', 'divisions']) {
    await admin.goto(`${office.server.url}/settings/${path}`)
    await expect(admin.getByRole('combobox').or(admin.getByRole('textbox')).first()).toBeVisible()
    expect(await admin.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  }
  await admin.getByRole('combobox').first().selectOption('Lyon')
  await expect(admin.getByRole('checkbox', { name: /in Lyon$/ }).first()).toBeVisible()
  await expectAccessible(admin)
  const viewer = await person('viewer')
  await viewer.goto(`${office.server.url}/settings/stages`)
  await expect(viewer.getByRole('heading', { name: 'For admins' })).toBeVisible()
  await expect(viewer.getByRole('link', { name: 'Stages' })).toHaveCount(0)
})
