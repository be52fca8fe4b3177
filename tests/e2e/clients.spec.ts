import { expectAccessible } from './accessible.ts'
import { expect, test } from './office.fixture.ts'
import { freshDossier, openDossier } from './dossier.steps.ts'

test('S3.1 a client is reached from their dossier; what one changes of them the other sees at once, on page and dossier', async ({
  office,
  person,
}) => {
  const dossier = await freshDossier(office)
  const [ana, bo] = [await person('adviser'), await person('manager')]
  await openDossier(ana, office, dossier.id)
  await ana.getByRole('link', { name: dossier.client }).click()
  await ana.locator('[data-client-ready]').waitFor()
  await bo.goto(`${office.server.url}/dossiers`)
  await bo.locator('[data-ready]').waitFor()
  await bo.keyboard.press('ControlOrMeta+k')
  await bo.keyboard.type(dossier.client)
  // the dossier first, and below it the client, once the server has found them
  await expect(bo.getByRole('option').filter({ hasText: dossier.client })).toHaveCount(2)
  await bo.getByRole('option').filter({ hasText: dossier.client }).last().click()
  await bo.locator('[data-client-ready]').waitFor()
  await expectAccessible(ana)

  await ana.getByRole('button', { name: /^Phone/ }).click()
  await ana.keyboard.type('0612345678')
  await ana.keyboard.press('Enter')
  await expect(bo.getByText('0612345678')).toBeVisible()

  await openDossier(bo, office, dossier.id)
  await ana.getByRole('button', { name: /^Last name/ }).click()
  await ana.keyboard.press('ControlOrMeta+a')
  await ana.keyboard.type('Newname')
  await ana.keyboard.press('Enter')
  await expect(bo.getByRole('heading', { level: 1, name: 'Nora Newname' })).toBeVisible()
  await expect(ana.getByRole('heading', { level: 1, name: 'Nora Newname' })).toBeVisible()
})
