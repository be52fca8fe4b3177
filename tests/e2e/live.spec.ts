import { freshDossier, note, openBoard, openDossier, openList } from './dossier.steps.ts'
import { expect, test } from './office.fixture.ts'

test('L1 S0.3 S0.4 a change of owner in one browser is on list, board and page of the other', async ({ person, office }) => {
  const dossier = await freshDossier(office)
  const manager = await person('manager')
  await openDossier(manager, office, dossier.id)
  const adviser = await person('adviser')
  await openList(adviser, office, dossier.number)
  const board = await adviser.context().newPage()
  await openBoard(board, office, dossier.number)
  const page = await adviser.context().newPage()
  await openDossier(page, office, dossier.id)
  const row = adviser.locator(`[data-dossier="${dossier.id}"]`)
  const card = board.locator(`[data-dossier="${dossier.id}"]`)
  await expect(row).toContainText('Aimée Corsten')

  await manager.getByRole('button', { name: /^Owner and division: / }).click()
  const dialog = manager.getByRole('dialog')
  // S0.6: who is not in the division is greyed, with the reason
  await expect(dialog.getByRole('option', { name: /Hector Nguyen/ })).toHaveAttribute('aria-disabled', 'true')
  await expect(dialog.getByRole('option', { name: /Hector Nguyen/ })).toContainText('not in Rotterdam')
  await dialog.getByRole('option', { name: /Julian den Adel/ }).click()
  await dialog.getByRole('button', { name: 'Give to Julian den Adel' }).click()

  await expect(row).toContainText('Julian den Adel')
  await expect(card).toContainText('Julian den Adel')
  await expect(page.getByRole('button', { name: /^Owner and division: Julian den Adel/ })).toBeVisible()
  await expect(
    page.getByRole('list', { name: 'History' }).or(page.locator('[aria-label="History"]')).or(page.locator('main')),
  ).toContainText('Julian den Adel')

  // L4: and it can be taken back, by the key
  await manager.keyboard.press('z')
  await expect(row).toContainText('Aimée Corsten')
})

test('L1 S4.9 a card moved on the board moves on the other screens, with its counts', async ({ person, office }) => {
  const dossier = await freshDossier(office)
  const manager = await person('manager')
  await openBoard(manager, office)
  const adviser = await person('adviser')
  await openBoard(adviser, office, dossier.number)
  const list = await adviser.context().newPage()
  await openList(list, office, dossier.number)
  const page = await adviser.context().newPage()
  await openDossier(page, office, dossier.id)

  const stage = (on: typeof adviser, name: string) => on.getByRole('region', { name: new RegExp(`^${name}`) })
  await expect(stage(adviser, 'Client created').locator(`[data-dossier="${dossier.id}"]`)).toBeVisible()
  const before = await stage(manager, 'Bank appointment').getByTestId('figures').innerText()

  const mover = await person('manager')
  await openBoard(mover, office, dossier.number)
  await mover.locator(`[data-dossier="${dossier.id}"] a`).focus()
  await mover.keyboard.press('Shift+ArrowRight')
  await mover.keyboard.press('Shift+ArrowRight')

  await expect(stage(adviser, 'Bank appointment').locator(`[data-dossier="${dossier.id}"]`)).toBeVisible()
  await expect(list.locator(`[data-dossier="${dossier.id}"]`)).toContainText('Bank appointment')
  await expect(page.locator('[aria-current="step"]')).toContainText('Bank appointment')
  await expect(stage(manager, 'Bank appointment').getByTestId('figures')).not.toHaveText(before)
})

test('S4.9 a card dragged onto the closing stage is closed everywhere', async ({ person, office }) => {
  const dossier = await freshDossier(office)
  const manager = await person('manager')
  await openBoard(manager, office, dossier.number)
  const adviser = await person('adviser')
  await openList(adviser, office, dossier.number)
  const card = manager.locator(`[data-dossier="${dossier.id}"]`)
  await card.dragTo(manager.getByTestId('closed-count'))
  await expect(card).toHaveCount(0)
  await expect(adviser.locator(`[data-dossier="${dossier.id}"]`)).toHaveCount(0)
  await openList(adviser, office, dossier.number, 'closed')
  await expect(adviser.locator(`[data-dossier="${dossier.id}"]`)).toContainText('Dossier closed')
})

test('S4.2 abandoning asks for one of the seven reasons, in their order, and the other sees it', async ({ person, office }) => {
  const dossier = await freshDossier(office)
  const adviser = await person('adviser')
  await openDossier(adviser, office, dossier.id)
  const manager = await person('manager')
  await openDossier(manager, office, dossier.id)
  await adviser.getByRole('button', { name: 'Actions' }).click()
  await adviser.getByRole('menuitem', { name: /Abandon/ }).click()
  const dialog = adviser.getByRole('dialog')
  await expect(dialog.getByRole('radio')).toHaveCount(7)
  expect((await dialog.getByRole('radio').locator('..').allInnerTexts()).map((t) => t.trim())).toEqual([
    'Project dropped',
    'Own bank',
    'Competition',
    'Bank refused',
    'Indebtedness',
    'Over-indebtedness',
    'Other',
  ])
  const abandon = dialog.getByRole('button', { name: 'Abandon dossier' })
  await expect(abandon).toBeDisabled()
  await dialog.getByRole('radio', { name: 'Own bank' }).check()
  await abandon.click()
  await expect(manager.getByText('Abandoned: Own bank')).toBeVisible()
  await openList(manager, office, dossier.number, 'abandoned')
  await expect(manager.locator(`[data-dossier="${dossier.id}"]`)).toBeVisible()
})

test('L1 L5 a change of division and status shows on the other’s page, and who else is there', async ({ person, office }) => {
  const dossier = await freshDossier(office)
  const adviser = await person('adviser')
  await openDossier(adviser, office, dossier.id)
  const manager = await person('manager')
  await openDossier(manager, office, dossier.id)
  await expect(adviser.getByRole('main')).toContainText('Davy van der Pol')
  await note(manager).click()
  const davy = await office.signIn('manager')
  await davy.command({ type: 'dossier.changeStatus', dossierId: dossier.id, status: 'client' })
  await expect(adviser.getByRole('main').getByText('Client', { exact: true }).first()).toBeVisible()
  const admin = await office.signIn('admin')
  await admin.command({ type: 'dossier.changeOwner', dossierId: dossier.id, divisionId: null })
  await expect(adviser.getByRole('button', { name: 'Owner and division: Aimée Corsten · No division' })).toBeVisible()
})

test('S4.15 two people write in one note, each sees the other’s caret and name', async ({ person, office }) => {
  const dossier = await freshDossier(office)
  const adviser = await person('adviser')
  await openDossier(adviser, office, dossier.id)
  const manager = await person('manager')
  await openDossier(manager, office, dossier.id)

  await note(adviser).click()
  await adviser.keyboard.type('Appointment at the bank. ')
  await expect(note(manager)).toContainText('Appointment at the bank.')
  await expect(manager.locator('[data-name="Aimée"]')).toBeAttached()
  await note(manager).click()
  await manager.keyboard.press('Control+End')
  await Promise.all([manager.keyboard.type('Davy adds this. ', { delay: 5 }), adviser.keyboard.type('And Aimée this. ', { delay: 5 })])
  await expect(note(adviser)).toContainText('Davy adds this.')
  await expect.poll(async () => (await note(adviser).textContent()) === (await note(manager).textContent())).toBe(true)
  await expect(adviser.getByText(/^Saved \d/)).toBeVisible()

  // bold, and an emoji
  await adviser.keyboard.press('Control+b')
  await adviser.keyboard.type('bold 🙂')
  await expect(note(manager).locator('strong')).toContainText('bold 🙂')
  await adviser.reload()
  await expect(note(adviser).locator('strong')).toContainText('bold 🙂')
})

test('S4.15 an emoji is picked from the list, with lists and underline beside it', async ({ person, office }) => {
  const dossier = await freshDossier(office)
  const adviser = await person('adviser')
  await openDossier(adviser, office, dossier.id)
  await note(adviser).click()
  await adviser.getByRole('button', { name: /Bullet list/ }).click()
  await adviser.getByRole('button', { name: /Underline/ }).click()
  await adviser.keyboard.type('Income statements ')
  await expect(note(adviser).locator('ul li u')).toContainText('Income statements')
  await adviser.getByRole('button', { name: /Emoji/ }).click()
  const picker = adviser.locator('emoji-picker')
  await picker.getByRole('combobox').fill('house')
  await picker.getByRole('option').first().click()
  await expect(note(adviser)).toContainText(/\p{Extended_Pictographic}/u)
})

test('L3 ten seconds without a network: both sides are merged, events caught up, nothing typed is lost', async ({ person, office }) => {
  const dossier = await freshDossier(office)
  const adviser = await person('adviser')
  await openDossier(adviser, office, dossier.id)
  const manager = await person('manager')
  await openDossier(manager, office, dossier.id)
  await note(adviser).click()
  await adviser.keyboard.type('Before. ')
  await expect(note(manager)).toContainText('Before.')

  const wentAway = Date.now()
  await adviser.context().setOffline(true)
  await note(adviser).click()
  await adviser.keyboard.press('Control+End')
  await adviser.keyboard.type('Typed on the train. ')
  await expect(adviser.getByText(/Not connected/).first()).toBeVisible({ timeout: 40_000 })
  await note(manager).click()
  await manager.keyboard.press('Control+Home')
  await manager.keyboard.type('Meanwhile in the office. ')
  const davy = await office.signIn('manager')
  await davy.command({ type: 'dossier.edit', dossierId: dossier.id, title: 'Renamed meanwhile' })
  await expect(note(manager)).not.toContainText('train')
  await expect.poll(() => Date.now() - wentAway, { timeout: 20_000, intervals: [500] }).toBeGreaterThan(10_000)
  await expect(note(adviser)).not.toContainText('Meanwhile')

  await adviser.context().setOffline(false)
  for (const page of [adviser, manager]) {
    await expect(note(page)).toContainText('Typed on the train.', { timeout: 20_000 })
    await expect(note(page)).toContainText('Meanwhile in the office.')
  }
  await expect(adviser.getByRole('main')).toContainText('Renamed meanwhile')
  await expect(adviser.getByText(/^Saved \d/)).toBeVisible()
  await expect.poll(async () => (await note(adviser).textContent()) === (await note(manager).textContent())).toBe(true)
})

test('L2 losing the right takes the dossier off the screen and closes its note within a second', async ({ person, office }) => {
  const dossier = await freshDossier(office)
  const admin = await office.signIn('admin')
  const screen = await admin.open()
  const lyon = screen.frame.divisions.find((d) => d.name === 'Lyon')!.id
  screen.close()
  await admin.command({ type: 'dossier.changeOwner', dossierId: dossier.id, ownerId: null })
  const adviser = await person('adviser')
  await openDossier(adviser, office, dossier.id)
  await note(adviser).click()
  await adviser.keyboard.type('Confidential')
  await expect(adviser.getByText(/^Saved \d/)).toBeVisible()
  await admin.command({ type: 'office.changeSettings', seesWhat: 'own' })
  try {
    const at = Date.now()
    await admin.command({ type: 'dossier.changeOwner', dossierId: dossier.id, divisionId: lyon })
    await expect(adviser.getByText('Confidential')).toHaveCount(0, { timeout: 1_000 })
    await expect(adviser.getByText(/no longer see this dossier/)).toBeVisible()
    expect(Date.now() - at).toBeLessThan(2_500)
  } finally {
    await admin.command({ type: 'office.changeSettings', seesWhat: 'everyone' })
  }
})
