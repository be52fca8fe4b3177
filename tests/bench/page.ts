import { type Browser, type BrowserContext, chromium as playwright, type Page } from '@playwright/test'
import { chromium } from '../harness/browser.ts'

/** What a page is asked while it is measured; `performance.now()` of the page, so 0 is the start of its navigation. */
interface Probe {
  /** When the first thing was painted that the page was opened for. */
  first: Promise<number>
  /** Resolves after the frame that is being made was painted. */
  painted(): Promise<number>
  /** Resolves when this is true of the page and painted; looked at after each change of the page. */
  until(isTrue: () => boolean): Promise<number>
  /** When the last key was pressed. */
  keyAt: number
  /** What a measurement waits for, kept between two questions to the page. */
  waiting: Promise<number>
}

declare global {
  interface Window {
    probe: Probe
  }
}

export function launchBrowser(): Promise<Browser> {
  return chromium().then((launch) => playwright.launch(launch))
}

/** A browser of one member, with nothing in its cache. `cookie` null: nobody is signed in. */
export async function freshContext(browser: Browser, url: string, cookie: string | null): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', timezoneId: 'Europe/Amsterdam' })
  if (cookie) {
    const split = cookie.indexOf('=')
    await context.addCookies([{ name: cookie.slice(0, split), value: cookie.slice(split + 1), url }])
  }
  return context
}

/** A new page that notes when it first paints what matches `selector`. */
export async function probedPage(context: BrowserContext, selector: string): Promise<Page> {
  const page = await context.newPage()
  await page.addInitScript(installProbe, selector)
  return page
}

/** Milliseconds from the start of the navigation until the first match of the page's selector was painted. */
export async function timeToFirst(page: Page, address: string): Promise<number> {
  await page.goto(address, { waitUntil: 'commit' })
  return page.evaluate(() => window.probe.first)
}

/** Runs in the page, before anything of the page's own. */
function installProbe(selector: string): void {
  const requestFrame = requestAnimationFrame.bind(window)
  let isInFrame = false
  // a message sent while a frame is made comes after that frame was painted
  const afterFrame = (then: () => void): void => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = then
    port2.postMessage(null)
  }
  window.requestAnimationFrame = (callback) =>
    requestFrame((time) => {
      isInFrame = true
      afterFrame(() => (isInFrame = false))
      callback(time)
    })
  const painted = (): Promise<number> =>
    new Promise((resolve) => {
      const resolveAfter = () => afterFrame(() => resolve(performance.now()))
      // what changed within a frame is painted with it, everything else with the next
      if (isInFrame) resolveAfter()
      else requestFrame(resolveAfter)
    })
  const until = (isTrue: () => boolean): Promise<number> =>
    new Promise((resolve, reject) => {
      const look = () => {
        if (!isTrue()) return
        observer.disconnect()
        resolve(painted())
      }
      const observer = new MutationObserver(look)
      observer.observe(document, { childList: true, subtree: true, characterData: true, attributeFilter: ['data-ready', 'data-results'] })
      setTimeout(() => reject(new Error('the page did not come to show it within 30 s')), 30_000)
      look()
    })
  window.probe = {
    painted,
    until,
    first: until(() => document.querySelector(selector) !== null),
    keyAt: 0,
    waiting: Promise.resolve(0),
  }
  addEventListener('keydown', (event) => (window.probe.keyAt = event.timeStamp), { capture: true })
}
