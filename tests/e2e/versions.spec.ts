import { expectAccessible } from './accessible.ts'
import { freshDossier, note, openDossier } from './dossier.steps.ts'
import { expect, test } from './office.fixture.ts'

test('S4.15 a version is kept under a name, compared with who deleted and added, restored live, and undone', async ({ person, office }) => {
  const dossier = await freshDossier(office)
  const [adviser, manager] = [await person('adviser'), await person('manager')]
  await openDossier(adviser, office, dossier.id)
  await openDossier(manager, office, dossier.id)
  await note(adviser).click()
  await adviser.keyboard.type('The rate is two')
  await expect(note(manager)).toContainText('The rate is two')
  const saved = (page: typeof adviser) => page.getByTestId('note-status').and(page.locator('[data-state="saved"]'))
  await expect(saved(adviser)).toBeVisible()

  // in the open list of the other it appears by itself
  await manager.getByRole('button', { name: 'Versions of the note' }).click()
  const theirs = manager.getByRole('dialog')
  await expect(theirs.getByText('No version is kept yet.', { exact: false })).toBeVisible()
  await adviser.keyboard.press('Escape')
  await adviser.keyboard.press('v')
  const mine = adviser.getByRole('dialog')
  await mine.getByRole('textbox').fill('Sent to the bank')
  await mine.getByRole('button', { name: 'Keep', exact: true }).click()
  await expect(mine.getByRole('listbox').getByRole('option', { name: /Sent to the bank/ })).toBeVisible()
  await expect(theirs.getByRole('listbox').getByRole('option', { name: /Sent to the bank/ })).toBeVisible()
  await mine.getByRole('button', { name: 'Rename' }).click()
  await mine.getByRole('textbox', { name: 'Name', exact: true }).fill('Offer to the bank')
  await adviser.keyboard.press('Enter')
  await expect(mine.getByRole('button', { name: 'Rename' })).toBeFocused()
  await expect(theirs.getByRole('listbox').getByRole('option', { name: /Offer to the bank/ })).toBeVisible()
  await manager.keyboard.press('Escape')

  await note(manager).click()
  await manager.keyboard.press('Control+End')
  for (let i = 0; i < 3; i++) await manager.keyboard.press('Backspace')
  await manager.keyboard.type('three')
  await expect(mine.getByTestId('newer').locator('ins')).toHaveText('three')
  await expect(mine.getByTestId('older').locator('del')).toHaveText('two')
  const name = await mine.getByTestId('older').locator('del').getAttribute('title')
  expect(await mine.getByTestId('newer').locator('ins').getAttribute('title')).toBe(name)
  await expect(mine.getByRole('list', { name: 'Who added and deleted' })).toContainText(name!)
  await expectAccessible(adviser, '[role="dialog"]')

  await adviser.reload()
  await expect(note(adviser)).toContainText('three')
  await note(manager).blur()
  await adviser.keyboard.press('v')
  await mine.getByRole('button', { name: 'Restore this version' }).click()
  await expect(note(manager)).toHaveText(/The rate is two/)
  await adviser.getByRole('button', { name: /^Undo/ }).click()
  await expect(note(manager)).toHaveText(/The rate is three/)
})
