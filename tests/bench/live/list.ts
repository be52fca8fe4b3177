import type { Page } from '@playwright/test'
import type { Bench } from '../bench.ts'
import { freshContext, launchBrowser, probedPage, timeToFirst } from '../page.ts'
import type { ServerProcess } from '../server-process.ts'
import { median } from '../statistics.ts'
import { Traffic } from '../traffic.ts'

const firstRow = '[data-ready] [data-dossier]'
const searched = 'soren'

/** The list of an office of 50,000 dossiers in a browser. */
export async function list(bench: Bench): Promise<void> {
  const { figures, offices, clientDir } = bench
  const office = await offices.large()
  const server = await bench.server('office', [office.dataDir, '0', clientDir])
  const browser = await launchBrowser()
  const visit = async (look: (page: Page) => Promise<void>) => {
    const context = await freshContext(browser, server.url, office.cookies[0] ?? '')
    await look(await probedPage(context, firstRow))
    await context.close()
  }
  // whoever opens the office first has its snapshot made
  await visit(async (page) => void (await timeToFirst(page, `${server.url}/dossiers`)))
  for (let round = 0; bench.hasTimeFor(round); round++) {
    await visit(async (page) => {
      figures.ours('list of 50,000: first row painted, empty cache (ms)', await timeToFirst(page, `${server.url}/dossiers`))
      const lettersMs = await type(page, searched)
      figures.ours('list of 50,000: first letter of a search, rows painted (ms)', lettersMs[0] ?? NaN)
      figures.ours('list of 50,000: each further letter, rows painted (ms)', median(lettersMs.slice(1)))
    })
    // counting bytes costs time, so it has a visit of its own
    await visit((page) => weigh(bench, page, server))
  }
  await browser.close()
  await server.stop()
}

/** Types into the search field. Returns for each letter the milliseconds until what it narrowed was painted. */
async function type(page: Page, text: string): Promise<number[]> {
  const total = page.getByTestId('total')
  const before = await total.textContent()
  await page.getByRole('search').getByRole('textbox').focus()
  const tookMs: number[] = []
  for (const letter of text) {
    await page.evaluate(() => {
      window.probe.waiting = new Promise((resolve) => {
        // the list is narrowed before the next frame, so that this frame shows it
        addEventListener('input', () => resolve(window.probe.painted()), { once: true })
      })
    })
    await page.keyboard.press(letter)
    tookMs.push(await page.evaluate(async () => (await window.probe.waiting) - window.probe.keyAt))
  }
  if ((await total.textContent()) === before) throw new Error(`the search for ${text} changed nothing`)
  return tookMs
}

async function weigh({ figures }: Bench, page: Page, { url }: ServerProcess): Promise<void> {
  const traffic = await Traffic.of(page)
  await timeToFirst(page, `${url}/dossiers`)
  await page.waitForLoadState('networkidle')
  const data = traffic.sum((path) => path.startsWith('/api/'))
  figures.ours('list of 50,000: bytes sent, data (kB)', data / 1e3)
  figures.ours('list of 50,000: bytes sent, code, styles and fonts (kB)', traffic.sum((path) => !path.startsWith('/api/')) / 1e3)
  figures.ours('list of 50,000: memory of JavaScript in the browser (MB)', (await traffic.heapBytes()) / 1e6)
}
