import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContext, type Page, test as base } from '@playwright/test'
import { Language } from '#shared/contracts/language.ts'
import { password, people, type Person, startSampleOffice, type TestOffice } from '../harness/office.ts'

export const clientDir = fileURLToPath(new URL('../../build', import.meta.url))

interface Worker {
  /** One server with the sample office for all tests of a worker; each test works on dossiers of its own. */
  office: TestOffice
}
interface Test {
  /** Signs somebody in, in a browser context of their own. */
  person: (who: Person, options?: Parameters<Browser['newContext']>[0]) => Promise<Page>
}

export const test = base.extend<Test, Worker>({
  office: [
    // eslint-disable-next-line no-empty-pattern -- playwright reads the names of the fixtures from this pattern
    async ({}, use) => {
      const office = await startSampleOffice(['adviser', 'manager', 'admin', 'viewer', 'stranger'], { clientDir })
      await use(office)
      await office.stop()
    },
    { scope: 'worker' },
  ],
  person: async ({ browser, office }, use) => {
    const contexts: BrowserContext[] = []
    await use(async (who, options) => {
      const context = await browser.newContext(options)
      contexts.push(context)
      const signedIn = await office.signIn(who)
      // a member's own settings apply in every browser: here they are those that the test asks for
      const language = Language.parse((options?.locale ?? 'en').slice(0, 2))
      await signedIn.command({ type: 'member.editProfile', language, theme: 'system', density: 'compact' })
      const { cookie } = signedIn
      await context.addCookies(
        cookie.split('; ').map((c) => ({ name: c.split('=')[0]!, value: c.slice(c.indexOf('=') + 1), url: office.server.url })),
      )
      return context.newPage()
    })
    for (const context of contexts) await context.close()
  },
})

export { expect } from '@playwright/test'
export { password, people }
