import { expectAccessible } from './accessible.ts'
import { freshDossier, openDossier } from './dossier.steps.ts'
import { expect, test } from './office.fixture.ts'

test('a token is made by keyboard and shown once, acts under its name, and lets in no more once an admin revokes it', async ({
  person,
  office,
}) => {
  const dossier = await freshDossier(office)
  const adviser = await person('adviser')
  await adviser.goto(`${office.server.url}/settings/tokens`)
  await expect(adviser.getByRole('heading', { name: 'No token yet' })).toBeVisible()
  await adviser.getByRole('button', { name: 'New token' }).focus()
  await adviser.keyboard.press('Enter')
  const dialog = adviser.getByRole('dialog')
  await expect(dialog.getByLabel('What it is for')).toBeFocused()
  await adviser.keyboard.press('Enter')
  await expect(dialog.getByText('Say what it is for.')).toBeVisible()
  await adviser.keyboard.type('Books')
  await adviser.keyboard.press('Tab')
  await adviser.keyboard.press('ArrowRight')
  await expect(dialog.getByRole('radio', { name: 'Read and change' })).toBeChecked()
  await expectAccessible(adviser)
  await dialog.getByLabel('What it is for').press('Enter')

  const text = await dialog.getByLabel('Token').inputValue()
  await expect(dialog.getByRole('button', { name: 'Copy' })).toBeFocused()
  await expectAccessible(adviser)
  await dialog.getByRole('button', { name: 'Done' }).click()
  const row = adviser.getByRole('listitem').filter({ hasText: 'Books' })
  await expect(row).toContainText('Read and change')
  await expect(row).toContainText('never used')
  await adviser.reload()
  await expect(row).toBeVisible()
  expect(await adviser.content()).not.toContain(text)

  const headers = { authorization: `Bearer ${text}`, 'content-type': 'application/json' }
  const edit = () =>
    fetch(`${office.server.url}/api/v1/commands/dossier.edit`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ dossierId: dossier.id, title: `By a program ${Math.random()}` }),
    })
  expect((await edit()).status).toBe(200)
  await openDossier(adviser, office, dossier.id)
  await expect(adviser.getByText('Aimée Corsten by Books')).toBeVisible()

  const [docs] = await Promise.all([
    adviser.context().waitForEvent('page'),
    adviser
      .goto(`${office.server.url}/settings/tokens`)
      .then(() => adviser.getByRole('link', { name: 'What a program can ask for' }).click()),
  ])
  await docs.getByText('/commands/dossier.edit', { exact: true }).click()
  await expect(docs.locator('details[open] pre').first()).toBeVisible()
  await expectAccessible(docs)

  const admin = await person('admin', { colorScheme: 'dark' })
  await admin.goto(`${office.server.url}/settings/tokens`)
  const theirs = admin.getByRole('listitem').filter({ hasText: 'Books' })
  await expect(theirs).toContainText('Aimée Corsten')
  await expectAccessible(admin)
  await admin.getByRole('button', { name: 'Revoke Books' }).click()
  await expect(theirs).toHaveCount(0)
  await expect.poll(async () => (await edit()).status).toBe(401)
  await adviser.goto(`${office.server.url}/settings/tokens`)
  await expect(adviser.getByRole('heading', { name: 'No token yet' })).toBeVisible()
})
