import type { Page } from '@playwright/test'
import type { Bench } from '../bench.ts'
import { freshContext, launchBrowser, probedPage, timeToFirst } from '../page.ts'
import { median } from '../statistics.ts'

const searched = 'martin'
const field = '[role=combobox][aria-controls]'

/** The palette over 50,000 dossiers: from a key to the lines that it found. */
export async function palette(bench: Bench): Promise<void> {
  const { figures, offices, clientDir } = bench
  const office = await offices.large()
  const server = await bench.server('office', [office.dataDir, '0', clientDir])
  const browser = await launchBrowser()
  for (let round = 0; bench.hasTimeFor(round); round++) {
    const context = await freshContext(browser, server.url, office.cookies[0] ?? '')
    const page = await probedPage(context, '[data-dossier]')
    await timeToFirst(page, `${server.url}/dossiers`)
    figures.ours('palette at 50,000: opened (ms)', await opened(page))
    const lettersMs = await type(page)
    figures.ours('palette at 50,000: first letter, result painted (ms)', lettersMs[0] ?? NaN)
    figures.ours('palette at 50,000: each further letter, result painted (ms)', median(lettersMs.slice(1)))
    await context.close()
  }
  await browser.close()
  await server.stop()
}

async function opened(page: Page): Promise<number> {
  await page.evaluate((selector) => {
    window.probe.waiting = window.probe.until(() => document.querySelector(selector) !== null)
  }, field)
  await page.keyboard.press('Control+k')
  return page.evaluate(async () => (await window.probe.waiting) - window.probe.keyAt)
}

/** Types the search. Returns for each letter the milliseconds until its lines were painted. */
async function type(page: Page): Promise<number[]> {
  const tookMs: number[] = []
  for (let i = 1; i <= searched.length; i++) {
    await page.evaluate(
      (typed) => {
        window.probe.waiting = window.probe.until(() => document.querySelector(`[data-results="${typed}"] [role=option]`) !== null)
      },
      searched.slice(0, i),
    )
    await page.keyboard.press(searched[i - 1] ?? '')
    tookMs.push(await page.evaluate(async () => (await window.probe.waiting) - window.probe.keyAt))
  }
  return tookMs
}
