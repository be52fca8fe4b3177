import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from '@playwright/test'
import type { Bench } from '../bench.ts'
import { freshContext, launchBrowser, probedPage } from '../page.ts'
import { Traffic } from '../traffic.ts'

/** What JavaScript the client has loaded when nothing more comes, at the sign-in and on the board. */
export async function size(bench: Bench): Promise<void> {
  const office = await bench.offices.sample()
  const server = await bench.server('office', [office.dataDir, '0', bench.clientDir])
  const browser = await launchBrowser()
  await weigh(bench, browser, { url: server.url, path: '/sign-in', cookie: null, shown: 'main[data-ready] form' })
  await weigh(bench, browser, {
    url: server.url,
    path: '/board',
    cookie: office.cookies[0] ?? '',
    shown: '[data-board-ready] [data-dossier]',
  })
  await browser.close()
  await server.stop()
}

interface Visited {
  url: string
  path: string
  cookie: string | null
  /** Matches when the page is there. */
  shown: string
}

async function weigh({ figures, clientDir }: Bench, browser: Browser, { url, path, cookie, shown }: Visited): Promise<void> {
  const context = await freshContext(browser, url, cookie)
  const page = await probedPage(context, shown)
  const traffic = await Traffic.of(page)
  await page.goto(url + path)
  await page.evaluate(() => window.probe.first)
  await page.waitForLoadState('networkidle')
  const scripts = [...traffic.bytesOf.keys()].filter((name) => name.endsWith('.js')).map((name) => join(clientDir, name))
  figures.ours(`JavaScript at ${path}, gzip (kB)`, (await bytesOf(scripts, '.gz')) / 1e3)
  figures.ours(`JavaScript at ${path}, brotli, as Chromium asks for (kB)`, (await bytesOf(scripts, '.br')) / 1e3)
  figures.ours(`JavaScript at ${path}, unpacked (kB)`, (await bytesOf(scripts, '')) / 1e3)
  figures.ours(`JavaScript at ${path} (files)`, scripts.length)
  await context.close()
}

/** Bytes of these files in the form that the build left beside them; what is too small to be packed counts as it is. */
async function bytesOf(files: readonly string[], ending: string): Promise<number> {
  let bytes = 0
  for (const file of files) bytes += (await stat(existsSync(file + ending) ? file + ending : file)).size
  return bytes
}
