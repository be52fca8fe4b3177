import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from '@playwright/test'
import { startEmptyOffice } from '../harness/office.ts'
import { expectAccessible } from './accessible.ts'
import { clientDir, expect, test } from './office.fixture.ts'

const sample = join(import.meta.dirname, '../../server/sample/data')
const boardOfTheSample = [853, 308, 321, 330, 296]

type EmptyOffice = Awaited<ReturnType<typeof startEmptyOffice>>

async function adminOn(browser: Browser, office: EmptyOffice, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context = await browser.newContext(options)
  const { cookie } = await office.admin()
  await context.addCookies(
    cookie.split('; ').map((c) => ({ name: c.split('=')[0]!, value: c.slice(c.indexOf('=') + 1), url: office.server.url })),
  )
  return context.newPage()
}

const step = (page: Page, name: 'file' | 'columns' | 'check' | 'import') => page.locator(`[data-step=${name}]`)

async function openImport(page: Page, office: EmptyOffice): Promise<void> {
  await page.goto(`${office.server.url}/settings/import`)
  await step(page, 'file').waitFor()
}

/** Chooses a file by the button and waits for its columns. */
async function choose(page: Page, file: string | { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Choose a file' }).click()
  await (await chooser).setFiles(typeof file === 'string' ? join(sample, file) : file)
}

async function check(page: Page, rows: string): Promise<void> {
  await page.getByRole('button', { name: `Check ${rows} rows` }).click()
  await expect(page.getByRole('heading', { name: /^Result of the check/ })).toBeVisible({ timeout: 20_000 })
}

const count = (page: Page, which: 'created' | 'changed' | 'unchanged' | 'faulty') => page.locator(`[data-count=${which}] dd`)

/** File, columns as guessed, check without faults, import. */
async function importWhole(page: Page, file: string, rows: string, what: string): Promise<void> {
  await choose(page, file)
  await check(page, rows)
  await expect(count(page, 'created')).toHaveText(rows)
  await expect(count(page, 'faulty')).toHaveText('0')
  await page.getByRole('button', { name: `Import ${rows} ${what}` }).click()
  await expect(page.getByRole('heading', { name: `${rows} ${what} imported` })).toBeVisible({ timeout: 30_000 })
}

/** How many dossiers stand in the open stages on this board. */
async function boardCounts(board: Page): Promise<number[]> {
  const figures = await board.getByTestId('figures').allInnerTexts()
  return figures.map((text) => Number(text.split('·')[0]?.replace(/\D/g, '')))
}

test.describe('an office moves in', () => {
  test.describe.configure({ mode: 'serial' })
  let office: EmptyOffice
  let page: Page
  let board: Page

  test.beforeAll(async ({ browser }) => {
    office = await startEmptyOffice({ clientDir })
    page = await adminOn(browser, office)
    board = await adminOn(browser, office)
  })
  test.afterAll(async () => {
    await page.context().close()
    await board.context().close()
    await office.stop()
  })

  test('S0.1 S3.1 members, clients and dossiers from their files; the board of a second browser fills by itself', async () => {
    await board.goto(`${office.server.url}/board`)
    await board.locator('[data-board-ready]').waitFor()
    await openImport(page, office)
    await expectAccessible(page)
    await importWhole(page, 'members.csv', '24', 'members')
    await expect(page.getByRole('link', { name: 'Send them their links' })).toHaveAttribute('href', '/settings/members')
    await page.getByRole('button', { name: 'Import the next file' }).click()
    await importWhole(page, 'clients.csv', '2,000', 'clients')
    await page.getByRole('button', { name: 'Import the next file' }).click()
    await importWhole(page, 'dossiers.csv', '2,778', 'dossiers')
    await expect.poll(() => boardCounts(board), { timeout: 15_000 }).toEqual(boardOfTheSample)
    await expectAccessible(page)
    const history = page.getByRole('region', { name: 'Imports so far' }).getByRole('listitem')
    await expect(history).toHaveCount(3)
    await expect(history.first()).toContainText(/Dossiers\s*dossiers\.csv\s*2,778 new\s*Ada First/)
  })

  test('each fault of the faulty file by line, column, value and reason; the good rows come in, and can be taken back', async () => {
    await openImport(page, office)
    await choose(page, 'dossiers-faulty.csv')
    await step(page, 'columns').waitFor()
    // the line breaks while the server checks: the page says so, and goes on by itself
    await page.route(/\/imports\/[\w-]{14,}$/, (route) => route.abort())
    await page.getByRole('button', { name: 'Check 20 rows' }).click()
    await expect(page.getByRole('alert').filter({ hasText: 'Nothing is lost' })).toBeVisible()
    await page.unroute(/\/imports\/[\w-]{14,}$/)
    await expect(count(page, 'faulty')).toHaveText('8')
    const rows = page
      .getByRole('table', { name: 'Faults' })
      .getByRole('row')
      .filter({ has: page.getByRole('cell') })
    await expect(rows).toHaveCount(8)
    expect((await rows.allInnerTexts()).map((text) => text.split(/\s*\n+\s*/))).toEqual([
      ['3', 'created_on', '2025-02-30', 'Not a date that exists.'],
      ['5', 'client_ref', 'K99999', 'The office has no client with this reference.'],
      ['7', 'number', 'B-001', 'Stands in an earlier line already.'],
      ['9', 'stage', 'Moon landing', 'The office has no stage of this name.'],
      ['11', 'owner_email', 'nobody@office.example', 'The office has nobody with this address.'],
      ['13', 'amount', '12.000,50 EUR', 'Not an amount that can be read.'],
      ['15', 'abandon_reason', 'empty', 'Abandoned, but no reason is given.'],
      ['19', 'number', 'empty', 'Has to be filled in.'],
    ])
    await expectAccessible(page)
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download the 8 faulty rows' }).click()
    const faulty = await readFile(await (await download).path(), 'utf8')
    expect(faulty.trim().split(/\r?\n/)).toHaveLength(9)
    expect(faulty).toContain('Moon landing')

    // in the middle of it all the page is loaded again
    await page.reload()
    await expect(count(page, 'faulty')).toHaveText('8')
    await page.getByRole('button', { name: 'Import 12 good rows, leave 8 out' }).click()
    await expect(page.getByRole('heading', { name: '12 dossiers imported' })).toBeVisible()
    await expect.poll(() => boardCounts(board)).not.toEqual(boardOfTheSample)

    await page.getByRole('button', { name: 'Take back', exact: true }).click()
    await expect(page.getByRole('heading', { name: 'This import was taken back' })).toBeVisible()
    await expect.poll(() => boardCounts(board)).toEqual(boardOfTheSample)
    const entry = page.getByRole('region', { name: 'Imports so far' }).getByRole('listitem').first()
    await expect(entry).toContainText('12 new · 8 left out')
    await expect(entry).toContainText('Taken back by Ada First')
  })

  test('a Dutch spreadsheet is understood whole: semicolons, Windows-1252, days first, every heading; what is known stays', async () => {
    await openImport(page, office)
    await choose(page, 'klanten-nl.csv')
    await step(page, 'columns').waitFor()
    await expect(page.getByText('400 rows, separated by semicolons, Windows-1252')).toBeVisible()
    await expect(page.getByRole('combobox', { name: 'Dates' })).toContainText('Recognised: day first')
    const fields = await page.locator('table select').evaluateAll((all) => all.map((one) => (one as HTMLSelectElement).value))
    expect(fields).toHaveLength(14)
    expect(fields).not.toContain('')
    await expect(page.getByRole('cell', { name: 'Hyères' })).toBeVisible()
    await check(page, '400')
    await expect(count(page, 'unchanged')).toHaveText('400')
    await expect(page.getByText('Everything in this file is in the office already')).toBeVisible()
    await expect(page.getByRole('button', { name: /^Import / })).toHaveCount(0)
  })

  test('what would change is shown before it does; an import that was changed since cannot be taken back, and says who did', async () => {
    await page.getByRole('button', { name: 'Choose another file' }).click()
    const text = (phone: string) => ({
      name: 'phones.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`client_ref;last_name;phone\nK00001;Henry;${phone}\n`),
    })
    const bring = async (phone: string) => {
      await choose(page, text(phone))
      await step(page, 'columns').waitFor()
      await page.getByRole('button', { name: 'Check 1 row' }).click()
      await expect(count(page, 'changed')).toHaveText('1')
    }
    await bring('111')
    await expect(page.getByRole('table', { name: 'What would change' }).getByRole('row')).toContainText(/Henry\s*Phone\s*0698470379\s*111/)
    await page.getByRole('button', { name: 'Import 1 client' }).click()
    await page.getByRole('button', { name: 'Import the next file' }).click()
    await bring('222')
    await page.getByRole('button', { name: 'Import 1 client' }).click()
    await expect(page.getByRole('heading', { name: '1 client imported' })).toBeVisible()
    const history = page.getByRole('region', { name: 'Imports so far' }).getByRole('listitem')
    await history
      .nth(1)
      .getByRole('button', { name: /^Take back/ })
      .click()
    await expect(page.getByRole('alert').filter({ hasText: /changed since by Ada First/ })).toBeVisible()
  })
})
