import { expectAccessible } from './accessible.ts'
import { freshDossier, openList } from './dossier.steps.ts'
import { expect, test } from './office.fixture.ts'

test('S0.5 twelve selected by keys and moved in one go are on the other screen, and one undo brings them back', async ({
  person,
  office,
}) => {
  const [page, colleague] = [await person('adviser'), await person('manager')]
  await openList(page, office, 'van', 'client')
  await openList(colleague, office, 'van', 'client')
  const stage = 'Offer signed'
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  for (let i = 0; i < 11; i++) await page.keyboard.press('j')
  await page.keyboard.press('Shift+X')
  const bar = page.getByRole('toolbar', { name: 'Selection' })
  await expect(bar).toContainText('12 selected')
  await expectAccessible(page)
  const ids = await page.locator('[data-dossier].selected').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-dossier')))
  const theirs = ids.map((id) => colleague.locator(`[data-dossier="${id}"]`))
  const before = await Promise.all(theirs.map((row) => row.getByRole('cell').nth(6).innerText()))
  expect(before.filter((text) => !text.startsWith(stage)).length).toBeGreaterThan(3)

  await page.keyboard.press('s')
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('12 dossiers')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: new RegExp(stage) }).click()
  for (const row of theirs) await expect(row).toContainText(stage)
  await expect(bar).toContainText('12 selected')
  await page.keyboard.press('z')
  for (const [i, row] of theirs.entries()) await expect(row).toContainText(before[i]?.split('\n')[0] ?? '')
  await page.keyboard.press('Escape')
  await expect(bar).toHaveCount(0)
  await expect(page).toHaveURL(/#q=van/)
})

test('S0.6 S0.5 who is refused stands in the dialog first, with the reason, and can be left out', async ({ person, office }) => {
  const mine = [await freshDossier(office), await freshDossier(office)]
  const page = await person('adviser')
  // everything of the office: most of it is others'
  await openList(page, office, '', 'prospect')
  await page.locator(`[data-dossier="${mine[0]?.id}"]`).waitFor()
  // what nobody owns she may give away as well
  const theirs = page
    .locator('[data-dossier]')
    .filter({ hasText: /Danilo Wiebe|Klara Knabe|Ea Krogh|Karolann Kessler|Chris Wintheiser/ })
    .first()
  for (const row of [...mine.map(({ id }) => page.locator(`[data-dossier="${id}"]`)), theirs]) {
    await row.hover()
    await row.getByRole('checkbox').click()
  }
  await page.keyboard.press('o')
  const dialog = page.getByRole('dialog')
  const refused = dialog.getByRole('region', { name: '1 of 3 would be refused' })
  await expect(refused).toContainText('Your role')
  await expectAccessible(page)
  await refused.getByRole('button', { name: 'Leave this one out' }).click()
  await expect(dialog).toContainText('2 dossiers')
  await dialog.getByRole('option', { name: /Julian den Adel/ }).click()
  await dialog.getByRole('button', { name: 'Give 2 to Julian den Adel' }).click()
  for (const { id } of mine) await expect(page.locator(`[data-dossier="${id}"]`)).toContainText('Julian den Adel')
  // given away, the right went with it: the one who did it may take it back all the same
  await page.keyboard.press('z')
  for (const { id } of mine) await expect(page.locator(`[data-dossier="${id}"]`)).toContainText('Aimée Corsten')
})

test('a dossier is reached and worked on by the palette, with keys only', async ({ person, office }) => {
  const dossier = await freshDossier(office)
  const page = await person('adviser')
  await openList(page, office, '', 'client')
  await page.keyboard.press('Control+k')
  const field = page.getByRole('combobox', { name: 'Find or do' })
  await expect(field).toBeFocused()
  await expect(page.getByRole('option', { name: /New dossier/ })).toContainText('c')
  await expectAccessible(page)
  await page.keyboard.type(dossier.number)
  await expect(page.getByRole('option').first()).toContainText(dossier.client)
  await expect(field).toHaveAttribute('aria-activedescendant', /.+/)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`/dossiers/${dossier.id}$`))
  await page.locator('.tiptap[contenteditable=true]').waitFor()

  // what can be done here: by its words
  await page.keyboard.press('Control+k')
  await page.keyboard.type('stage')
  await page.keyboard.press('Enter')
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Offer received/ })
    .click()
  await expect(page.locator('[aria-current="step"]')).toContainText('Offer received')
  // used last comes first
  await page.keyboard.press('Control+k')
  const recent = page.getByRole('group', { name: 'Used last' }).getByRole('option')
  await expect(recent.first()).toContainText('Move to stage')
  await expect(recent.nth(1)).toContainText(dossier.client)
  // a person: their dossiers
  await page.keyboard.type('julian den adel')
  await page.getByRole('group', { name: 'People' }).getByRole('option').first().click()
  await expect(page).toHaveURL(/\/dossiers\?owner=/)
  await expect(page.locator('[data-dossier]').first()).toContainText('Julian den Adel')
})

test('? lists the keys that work here, and who only reads is offered nothing else', async ({ person, office }) => {
  const dossier = await freshDossier(office)
  const page = await person('viewer')
  await openList(page, office, dossier.number)
  await page.keyboard.press('?')
  const listed = () => page.locator('[data-key]').evaluateAll((keys) => keys.map((key) => key.getAttribute('data-key')))
  await expect(page.getByRole('dialog')).toContainText('In the list')
  expect(await listed()).toEqual(
    expect.arrayContaining(['/', 'j', 'k', 'x', 'Shift+x', 'Mod+a', 'Enter', 'o', 's', 'c', 'Escape', 'g d', 'g b', 'z', '?', 'Mod+k']),
  )
  await expectAccessible(page)
  await page.keyboard.press('Escape')
  await page.keyboard.press('g')
  await page.keyboard.press('b')
  await page.locator('[data-board-ready]').waitFor()
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog')).toContainText('On a card')
  expect(await listed()).toEqual(expect.arrayContaining(['Shift+ArrowRight', 'PageDown', 'Home', 'j', 's', 'o', '/']))
  await page.keyboard.press('Escape')
  await page.goto(`${office.server.url}/dossiers/${dossier.id}`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('option', { name: /Sign out/ })).toBeVisible()
  await expect(page.getByRole('option', { name: /stage|Abandon|owner/i })).toHaveCount(0)
})

test('selection and palette in German on a phone', async ({ person, office }) => {
  const page = await person('adviser', { locale: 'de-DE', viewport: { width: 390, height: 800 }, hasTouch: true })
  await openList(page, office, 'van', 'client')
  await page.getByRole('checkbox').nth(0).click()
  await page.getByRole('checkbox').nth(1).click()
  const bar = page.getByRole('toolbar', { name: 'Auswahl' })
  await expect(bar).toContainText('2 ausgewählt')
  const box = await bar.boundingBox()
  expect((box?.x ?? -1) >= 0 && (box?.x ?? 0) + (box?.width ?? 0) <= 390).toBe(true)
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Suchen oder tun' }).click()
  await page.getByRole('combobox', { name: 'Suchen oder tun' }).fill('abmelden')
  await expect(page.getByRole('option', { name: /Abmelden/ })).toBeVisible()
  await expectAccessible(page)
  // words of a note that came with the sample
  await page.getByRole('combobox', { name: 'Suchen oder tun' }).fill('necessitatibus fugit')
  await expect(page.getByRole('group', { name: 'In Notizen' }).getByRole('option')).toContainText([/2024-00001.*Necessitatibus fugit/])
})

test('my day shows what waits, and what the colleague changed while one was away', async ({ person, office }) => {
  const dossier = await freshDossier(office)
  const manager = await office.signIn('manager')
  const edited = async (title: string) => {
    const { status } = await manager.command({ type: 'dossier.edit', dossierId: dossier.id, title })
    expect(status).toBe(200)
  }
  await edited('While you were away')
  const page = await person('adviser')
  await page.goto(`${office.server.url}/my-day`)
  const since = page.getByRole('region', { name: 'Since you were last here' })
  const changed = since.locator(`[data-changed="${dossier.id}"]`)
  await expect(changed).toContainText('Davy van der Pol')
  await expect(changed).toContainText('While you were away')
  const mine = page.getByRole('region', { name: 'Mine, longest waiting first' })
  await expect(mine.getByRole('link').first()).toContainText(/stuck|late/)
  await expectAccessible(page)
  // it goes on while the page is open
  await edited('And while you look')
  await expect(changed).toContainText('And while you look')
  await since.getByRole('button', { name: 'Mark as seen' }).click()
  await expect(since).toContainText('Nobody else has changed your dossiers')
  await page.reload()
  await expect(since).toContainText('Nobody else has changed your dossiers')
  // to the first one and into it, by keys
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/dossiers\/[\w-]{14,}$/)
  await page.keyboard.press('g')
  await page.keyboard.press('m')
  await expect(page).toHaveURL(/\/my-day$/)
})
