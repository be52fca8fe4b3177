import type { BrowserContext, Page } from '@playwright/test'
import * as Y from 'yjs'
import { importKey, seal } from '../../../src/lib/offline/sealing.ts'
import { signedIn } from '../../harness/member.ts'
import type { Bench } from '../bench.ts'
import { freshContext, launchBrowser, probedPage, timeToFirst } from '../page.ts'
import { median } from '../statistics.ts'

const text = '.tiptap p'
const opensPerRound = 5
const keystrokes = 5_000

/** Without a network, in a browser that had the dossier open before: from the click in the list, and from a start out of nothing. */
export async function offlineReadable(bench: Bench): Promise<void> {
  const office = await bench.offices.sample()
  const server = await bench.server('office', [office.dataDir, '0', bench.clientDir])
  const cookie = office.cookies[0] ?? ''
  const dossier = await aClient(server.url, cookie)
  const browser = await launchBrowser()
  const context = await freshContext(browser, server.url, cookie)
  const address = `${server.url}/dossiers/${dossier}`
  await writeSomething(context, address)
  await context.setOffline(true)
  for (let round = 0; bench.hasTimeFor(round); round++) {
    const page = await probedPage(context, text)
    bench.figures.ours('offline, from a start of the page until a note can be read (ms)', await timeToFirst(page, address))
    const clicks: number[] = []
    for (let open = 0; open < opensPerRound; open++) clicks.push(await clickToReadable(page, dossier))
    bench.figures.ours('offline, from the click in the list until a note can be read (ms)', median(clicks))
    await page.close()
  }
  await browser.close()
  await server.stop()
}

/** One of those that the list begins with. */
async function aClient(url: string, cookie: string): Promise<string> {
  const response = await signedIn(url, cookie).get('/api/v1/dossiers?status=client&limit=1')
  const { dossiers } = (await response.json()) as { dossiers: { id: string }[] }
  return dossiers[0]?.id ?? ''
}

/** Opens the dossier, and leaves when all of it lies in the browser. */
async function writeSomething(context: BrowserContext, address: string): Promise<void> {
  const page = await context.newPage()
  await page.goto(address)
  await page.locator('.tiptap[contenteditable=true]').click()
  await page.keyboard.type('Read on the train. '.repeat(20))
  await page.locator('[data-testid=note-status][data-state=saved][data-kept]').waitFor()
  await page.evaluate(() => navigator.serviceWorker.ready)
  await page.close()
}

/** By the page's own link, back in the list before. */
async function clickToReadable(page: Page, dossier: string): Promise<number> {
  await page.getByRole('link', { name: 'Dossiers' }).first().click()
  const row = page.locator(`[data-dossier="${dossier}"] a`).first()
  await row.waitFor()
  return row.evaluate(async (link, selector) => {
    const from = performance.now()
    ;(link as HTMLElement).click()
    return (await window.probe.until(() => document.querySelector(selector) !== null)) - from
  }, text)
}

/** What it takes to encrypt one letter's update. While somebody types several go together, so it is the most it can be. */
export async function offlineEncryption(bench: Bench): Promise<void> {
  const key = await importKey(btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32)))))
  const place = { officeId: 'bench-of-offline', memberId: 'bench-of-offline', text: 'bench-of-offline', epoch: 1 }
  const updates = typed(keystrokes)
  for (let round = 0; bench.hasTimeFor(round); round++) {
    const startedAt = performance.now()
    for (const update of updates) await seal(key, place, update)
    bench.figures.ours('offline, encryption of a keystroke (ms)', (performance.now() - startedAt) / updates.length)
  }
}

/** The updates of so many letters typed one after the other. */
function typed(letters: number): Uint8Array[] {
  const doc = new Y.Doc()
  const words = new Y.XmlText()
  doc.getXmlFragment('note').push([words])
  const updates: Uint8Array[] = []
  doc.on('update', (update) => updates.push(update))
  for (let i = 0; i < letters; i++) words.insert(i, 'abcdefgh '.charAt(i % 9))
  return updates
}
