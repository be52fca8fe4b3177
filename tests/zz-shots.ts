import { chromium as pw } from '@playwright/test'
import { chromium } from './harness/browser.ts'
import { startSampleOffice } from './harness/office.ts'
import { fileURLToPath } from 'node:url'
const clientDir = fileURLToPath(new URL('../build', import.meta.url))
const office = await startSampleOffice(['admin', 'adviser', 'manager'], { clientDir })
const browser = await pw.launch(await chromium())
const admin = await office.signIn('admin')
const adviser = await office.signIn('adviser')
async function page(cookie: string, w: number, h: number, scheme: 'light' | 'dark') {
  const ctx = await browser.newContext({ viewport: { width: w, height: h }, colorScheme: scheme })
  await ctx.addCookies(cookie.split('; ').map((c) => ({ name: c.split('=')[0]!, value: c.slice(c.indexOf('=') + 1), url: office.server.url })))
  return ctx.newPage()
}
const paths = process.argv.slice(2)
for (const spec of paths) {
  const [who, path, size, scheme, name, keys] = spec.split('|')
  const [w, h] = size!.split('x').map(Number)
  const p = await page(who === 'admin' ? admin.cookie : adviser.cookie, w!, h!, scheme as 'light')
  await p.goto(office.server.url + path)
  await p.locator('[data-ready]').waitFor({ timeout: 30000 })
  await p.waitForTimeout(1200)
  if (keys) for (const k of keys.split(',')) { await p.keyboard.press(k); await p.waitForTimeout(400) }
  await p.screenshot({ path: `/tmp/shot-${name}.png` })
  await p.context().close()
}
await browser.close()
await office.stop()
process.exit(0)
