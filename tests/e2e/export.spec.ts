import { readFile } from 'node:fs/promises'
import type { Download, Page } from '@playwright/test'
import { openList } from './dossier.steps.ts'
import { expect, test } from './office.fixture.ts'

async function exported(page: Page, choice: string): Promise<Download> {
  await page.getByRole('button', { name: 'Export' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: choice }).first().click()
  return download
}

test('S4.16 what the filter shows is exported in its order, as CSV and XLSX; who may not export is not offered it', async ({
  person,
  office,
}) => {
  const page = await person('manager')
  await openList(page, office, 'sorensen', 'client')
  await expect(page.locator('[data-dossier]').first()).toContainText(/Sørensen/i)
  const numbers = await page
    .locator('[data-dossier]')
    .evaluateAll((rows) => rows.map((row) => /\d{4}-\d{5}/.exec(row.textContent ?? '')?.[0] ?? ''))
  const csv = await exported(page, 'CSV')
  expect(csv.suggestedFilename()).toMatch(/^dossiers-\d{4}-\d\d-\d\d\.csv$/)
  const lines = (await readFile(await csv.path(), 'utf8')).trim().split(/\r?\n/)
  expect(lines.slice(1).map((line) => /\d{4}-\d{5}/.exec(line)?.[0])).toEqual(numbers)
  await expect(page.getByRole('status').filter({ hasText: csv.suggestedFilename() })).toBeVisible()
  const xlsx = await exported(page, 'Excel (XLSX)')
  expect((await readFile(await xlsx.path())).subarray(0, 2).toString()).toBe('PK')

  const adviser = await person('adviser')
  await openList(adviser, office, 'sorensen', 'client')
  await expect(adviser.getByRole('button', { name: 'New dossier' })).toBeVisible()
  await expect(adviser.getByRole('button', { name: 'Export' })).toHaveCount(0)
})
