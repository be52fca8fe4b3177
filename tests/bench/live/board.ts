import type { Browser, Page } from '@playwright/test'
import type { Bench } from '../bench.ts'
import type { PreparedOffice } from '../offices.ts'
import { freshContext, launchBrowser, probedPage, timeToFirst } from '../page.ts'
import type { ServerProcess } from '../server-process.ts'
import { median } from '../statistics.ts'

const firstCard = '[data-board-ready] [data-dossier]'

interface Subject {
  name: string
  office: PreparedOffice
  server: ServerProcess
}

/** The board in a browser: from the start of the navigation to the first card, and from a key to the card in the next column. */
export async function board(bench: Bench): Promise<void> {
  const subjects: Subject[] = []
  for (const [name, office] of [
    ['board of 2,108', await bench.offices.sample()],
    ['board of 20,000', await bench.offices.large()],
  ] as const) {
    subjects.push({ name, office, server: await bench.server('office', [office.dataDir, '0', bench.clientDir]) })
  }
  const browser = await launchBrowser()
  // the first to open an office has its snapshot made
  for (const { name, office, server } of subjects) {
    bench.figures.ours(`${name}: first card painted, first to open it after a start (ms)`, await openOnce(browser, server, office))
  }
  for (let round = 0; bench.hasTimeFor(round); round++) {
    for (const subject of subjects) await measure(bench, browser, subject)
  }
  await browser.close()
  for (const { server } of subjects) await server.stop()
}

async function openOnce(browser: Browser, { url }: ServerProcess, { cookies }: PreparedOffice): Promise<number> {
  const context = await freshContext(browser, url, cookies[0] ?? '')
  const tookMs = await timeToFirst(await probedPage(context, firstCard), `${url}/board`)
  await context.close()
  return tookMs
}

async function measure({ figures, options }: Bench, browser: Browser, { name, office, server }: Subject): Promise<void> {
  const { url } = server
  const mine = await freshContext(browser, url, office.cookies[0] ?? '')
  const page = await probedPage(mine, firstCard)
  figures.ours(`${name}: first card painted, empty cache (ms)`, await timeToFirst(page, `${url}/board`))
  figures.ours(`${name}: first card painted, again (ms)`, await timeToFirst(page, `${url}/board`))
  const theirs = await freshContext(browser, url, office.cookies[1] ?? '')
  const other = await probedPage(theirs, firstCard)
  await timeToFirst(other, `${url}/board`)
  const moves: Move[] = []
  for (let i = 0; i < (options.quick ? 3 : 6); i++) moves.push(await moveCard(page, other))
  figures.ours(`${name}: a key moves a card, painted (ms)`, median(moves.map(({ hereMs }) => hereMs)))
  figures.ours(`${name}: … and on the other's board (ms)`, median(moves.map(({ thereMs }) => thereMs)))
  await mine.close()
  await theirs.close()
}

interface Move {
  /** From the key until the card was painted in the next column. */
  hereMs: number
  /** From the key until the next column's new count was painted in the other browser. */
  thereMs: number
}

async function moveCard(page: Page, other: Page): Promise<Move> {
  await page.bringToFront()
  const nextStage = await page.evaluate(aimAtFirstCard)
  await other.evaluate(awaitCount, nextStage)
  await page.keyboard.press('Shift+ArrowRight')
  const here = await page.evaluate(async () => ({
    at: await window.probe.waiting,
    keyAt: window.probe.keyAt,
    origin: performance.timeOrigin,
  }))
  const there = await other.evaluate(async () => (await window.probe.waiting) + performance.timeOrigin)
  // the glide, the answer and its toast are over before the next one
  await page.waitForTimeout(400)
  return { hereMs: here.at - here.keyAt, thereMs: there - here.origin - here.keyAt }
}

/** In the page: gives the first column's first card the focus, and begins to wait for it in the next column. Returns that column's stage. */
function aimAtFirstCard(): string {
  const [first, next] = document.querySelectorAll<HTMLElement>('section[data-stage]')
  const card = first?.querySelector<HTMLElement>('[data-dossier]')
  const { dossier } = card?.dataset ?? {}
  card?.querySelector('a')?.focus()
  window.probe.waiting = window.probe.until(() => next?.querySelector(`[data-dossier="${dossier}"]`) !== null)
  return next?.dataset.stage ?? ''
}

/** In the other page: begins to wait for another count of this stage. */
function awaitCount(stageId: string): void {
  const figures = document.querySelector(`section[data-stage="${stageId}"] [data-testid="figures"]`)
  const before = figures?.textContent
  window.probe.waiting = window.probe.until(() => figures?.textContent !== before)
}
