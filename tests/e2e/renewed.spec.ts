import { createLog } from '../../server/log.ts'
import { startServer } from '../../server/start.ts'
import { startSampleOffice, testConfig } from '../harness/office.ts'
import { freshDossier, note, openDossier } from './dossier.steps.ts'
import { clientDir, expect, test } from './office.fixture.ts'

test('while the server is renewed a page says one moment, keeps what is done, and is back after the pause it was given', async ({
  browser,
}) => {
  const office = await startSampleOffice(['adviser'], { clientDir, random: () => 0.7 })
  const { cookie, command } = await office.signIn('adviser')
  await command({ type: 'member.editProfile', language: 'en' })
  const context = await browser.newContext({ locale: 'en' })
  await context.addCookies([{ name: cookie.split('=')[0]!, value: cookie.slice(cookie.indexOf('=') + 1), url: office.server.url }])
  const page = await context.newPage()
  const { port } = office.server
  await openDossier(page, office, (await freshDossier(office)).id)
  await note(page).click()
  await page.keyboard.type('Before. ')
  await expect(page.getByTestId('note-status')).toContainText(/^Saved/)

  await office.server.close()
  await expect(page.getByTestId('renewing')).toContainText('One moment: the server is being renewed.')
  await expect(page.getByTestId('note-status')).toContainText('One moment: what you type is kept in this tab')
  await note(page).click()
  await page.keyboard.type('Meanwhile. ')
  await expect(page.getByTestId('not-connected')).toBeHidden()

  const renewed = await startServer({ config: { ...testConfig(office.dataDir), port }, log: createLog('error'), clientDir })
  await expect(page.getByTestId('renewing')).toBeHidden({ timeout: 20_000 })
  await expect(page.getByTestId('note-status')).toContainText(/^Saved/, { timeout: 20_000 })
  await expect(note(page)).toContainText('Before. Meanwhile.')
  await context.close()
  await renewed.close()
})
