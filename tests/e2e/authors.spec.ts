import { expectAccessible } from './accessible.ts'
import { freshDossier, note, openDossier } from './dossier.steps.ts'
import { expect, test } from './office.fixture.ts'

test('S4.15 who wrote what: by a held key, the bar or the palette; of what was typed just now, with name and time', async ({
  person,
  office,
}) => {
  const dossier = await freshDossier(office)
  const [adviser, manager] = [await person('adviser'), await person('manager')]
  await openDossier(adviser, office, dossier.id)
  await openDossier(manager, office, dossier.id)
  await note(adviser).click()
  await adviser.keyboard.type('The rate is two')
  await expect(note(manager)).toContainText('The rate is two')

  // held while typing, and gone with the key
  const legend = adviser.getByTestId('authors')
  const runs = note(adviser).locator('.wrote')
  await adviser.keyboard.down('Control')
  await adviser.keyboard.down('.')
  const pressedAt = await adviser.evaluate(() => performance.now())
  await expect(legend.getByRole('listitem')).toHaveText([/^Aimée.* 100 %$/])
  await expect(runs).toHaveText(['The rate is two'])
  await expect(legend.getByRole('status')).toHaveText(/^At the caret: Aimée.+, \d+ \w+ \d{4}, \d\d:\d\d$/)
  await adviser.waitForFunction((at) => performance.now() - at > 400, pressedAt)
  await adviser.keyboard.up('.')
  await adviser.keyboard.up('Control')
  await expect(legend).toBeHidden()
  await expect(runs).toHaveCount(0)

  // pressed: it stays, and follows what a colleague writes into it
  await adviser.keyboard.press('Escape')
  await adviser.keyboard.press('w')
  await expect(runs).toHaveText(['The rate is two'])
  await note(manager).click()
  await manager.keyboard.press('Control+Home')
  for (let i = 0; i < 'The rate'.length; i++) await manager.keyboard.press('ArrowRight')
  await manager.keyboard.type('/price')
  await expect(runs).toHaveText(['The rate', '/price', ' is two'])
  await expect(legend.getByRole('listitem')).toHaveText([/^Aimée/, /^Davy/])
  const lines = await runs.evaluateAll((all) => all.map((run) => getComputedStyle(run).borderBottomStyle))
  expect(lines).toEqual(['solid', 'dashed', 'solid'])
  await runs.nth(1).hover()
  await expect(adviser.getByTestId('author-tip')).toHaveText(/^Davy.+, \d+ \w+ \d{4}, \d\d:\d\d$/)
  await adviser.mouse.move(0, 0)
  await expect(adviser.getByTestId('author-tip')).toBeHidden()
  await expectAccessible(adviser, '[data-place="note"]')

  // what one types now is one's own at once
  await note(adviser).click()
  await adviser.keyboard.press('Control+End')
  await adviser.keyboard.type(' and a half')
  await expect(runs.last()).toHaveText(' is two and a half')
  await adviser.keyboard.press('Escape')
  await adviser.keyboard.press('Control+k')
  await adviser.keyboard.type('who wrote')
  await adviser.keyboard.press('Enter')
  await expect(runs).toHaveCount(0)
  await expect(adviser.getByRole('button', { name: 'Who wrote what' })).toHaveAttribute('aria-pressed', 'false')
  await adviser.keyboard.press('?')
  await expect(adviser.getByRole('dialog').getByText('Who wrote what (hold, or press to keep it on)')).toBeVisible()
  await expect(note(manager)).toHaveText('The rate/price is two and a half')
})
