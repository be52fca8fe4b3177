import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Locator, type Page } from '@playwright/test'
import { password, people, type Person, startSampleOffice, type TestOffice } from '../harness/office.ts'
import { chromium as installed } from '../harness/browser.ts'
import { freshDossier, note, type TestDossier } from './dossier.steps.ts'
import { clientDir, expect, test as base } from './office.fixture.ts'

/** A browser with a folder of its own, which stays when it is closed: as people have one. */
class OwnBrowser {
  readonly folder: string
  readonly #office: TestOffice
  #context: BrowserContext | null = null
  #isOffline = false

  constructor(folder: string, office: TestOffice) {
    this.folder = folder
    this.#office = office
  }

  /** By number: of a server named localhost a page that has no network says nothing, for it may be there all the same. */
  get url(): string {
    return this.#office.server.url.replace('localhost', '127.0.0.1')
  }

  get context(): BrowserContext {
    if (!this.#context) throw new Error('the browser is closed')
    return this.#context
  }

  /** Starts it, as it was left. */
  async start(): Promise<void> {
    const options = { ...(await installed()), serviceWorkers: 'allow', locale: 'en-GB' } as const
    this.#context = await chromium.launchPersistentContext(this.folder, options)
    await this.offline(this.#isOffline)
  }

  async offline(isOffline: boolean): Promise<void> {
    this.#isOffline = isOffline
    await this.context.setOffline(isOffline)
  }

  async close(): Promise<void> {
    await this.#context?.close()
    this.#context = null
  }

  /** Signs in and opens the dossier; when this is done, it can be opened again without a connection. */
  async signInAt(dossier: TestDossier, who: Person = 'adviser'): Promise<Page> {
    const page = this.context.pages()[0] ?? (await this.context.newPage())
    await page.goto(`${this.url}/sign-in`)
    await signIn(page, who)
    await page.waitForURL(/dossiers/)
    await this.open(dossier, page)
    await page.evaluate(() => navigator.serviceWorker.ready)
    await expect.poll(() => kept(page, 'clientIds')).toBeGreaterThan(0)
    await expect.poll(() => kept(page, 'pages')).toBe(2)
    return page
  }

  /** In a tab of its own, or in this one; `leadsTo`: the door, where nobody is signed in. */
  async open(dossier: TestDossier, page?: Page, leadsTo: 'note' | 'sign-in' = 'note'): Promise<Page> {
    const tab = page ?? (await this.context.newPage())
    await tab.goto(`${this.url}/dossiers/${dossier.id}`)
    if (leadsTo === 'note') await note(tab).waitFor()
    else await tab.waitForURL(/sign-in/)
    return tab
  }
}

/** Fills in the sign-in, and sends it. */
async function signIn(page: Page, who: Person): Promise<void> {
  await page.getByLabel('E-mail').fill(people[who])
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** What can be pressed or filled in on the page's main part, and does not wait for a connection. */
function freeOn(page: Page): Promise<string[]> {
  return page.getByRole('main').evaluate((main) => {
    const controls = [...main.querySelectorAll<HTMLElement>('button, select, input, textarea')]
    const works = (one: HTMLElement) =>
      one.checkVisibility() && !one.matches(':disabled') && !one.closest('[data-held], [role="cell"] .box')
    const nameOf = (one: HTMLElement) =>
      one.getAttribute('aria-label') ?? (one instanceof HTMLInputElement ? (one.labels?.[0]?.textContent ?? '') : one.innerText)
    return controls.filter(works).map((one) =>
      nameOf(one)
        .trim()
        .replace(/\s+/g, ' ')
        .replace(/( [\d,]+|: .*)$/, ''),
    )
  })
}

const frame = ['Mentions', 'Find or do Ctrl K']
/** On these pages only what is typed, or looked through, and what lies in this browser. */
const freeInSettings = {
  'My profile': ['Your name', 'Current password', 'Show password', 'New password', 'Show password', 'Try again', 'Erase'],
  Members: ['Name or address', 'All', 'Active', 'Invited', 'Deactivated'],
  Tokens: ['Try again'],
  'Automatic comments': [],
  Import: ['Try again'],
  Divisions: ['New division'],
  Stages: ['Name in English'],
  Office: ['Name of the office'],
}

/** How much lies in a part of the browser's store. */
function kept(page: Page, store: 'updates' | 'pages' | 'clientIds'): Promise<number> {
  return page.evaluate(
    (name) =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('codossier-copies')
        opening.onerror = () => reject(new Error('it does not open'))
        opening.onsuccess = () => {
          const db = opening.result
          const count = db.transaction(name).objectStore(name).count()
          count.onsuccess = () => (resolve(count.result), db.close())
        }
      }),
    store,
  )
}

const databases = (page: Page) => page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))

/** Whether any file of the browser's folder has these words in it, in either of the encodings a browser writes. */
async function isFound(folder: string, words: string): Promise<boolean> {
  const needles = [Buffer.from(words, 'utf8'), Buffer.from(words, 'utf16le')]
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const bytes = await readFile(join(entry.parentPath, entry.name)).catch(() => Buffer.alloc(0))
    if (needles.some((needle) => bytes.includes(needle))) return true
  }
  return false
}

/** Puts a build with a mark in its page in the place of this one. */
async function renewBuild(folder: string): Promise<void> {
  const change = async (name: string, rewrite: (text: string) => string) => {
    const text = await readFile(join(folder, name), 'utf8')
    const rewritten = rewrite(text)
    if (rewritten === text) throw new Error(`${name} is as it was`)
    await writeFile(join(folder, name), rewritten)
    for (const packed of ['.br', '.gz']) await rm(join(folder, name + packed))
  }
  const { version } = JSON.parse(await readFile(join(folder, '_app', 'version.json'), 'utf8')) as { version: string }
  await change('service-worker.js', (text) => text.replaceAll(version, 'next'))
  await change('index.html', (text) => text.replace('<head>', '<head><meta name="mark" content="next" />'))
}

async function type(page: Page, words: string): Promise<void> {
  await note(page).click()
  await page.keyboard.press('Control+End')
  await page.keyboard.type(words)
}

const comment = (page: Page) => page.getByRole('textbox', { name: 'Comment being written' })
/** What the footer says is so: the tab could be closed. */
async function isKeptHere(page: Page | Locator): Promise<void> {
  const status = page.getByTestId('note-status').first()
  await expect(status).toContainText('What you wrote is kept on this device')
  await expect(status).toHaveAttribute('data-kept')
}
async function isSaved(page: Page | Locator): Promise<void> {
  const status = page.getByTestId('note-status').first()
  await expect(status).toContainText(/^Saved \d/, { timeout: 40_000 })
  // the words stand there for a moment while the next letters are on their way
  await expect(status).toHaveAttribute('data-state', 'saved')
}

const test = base.extend<{ own: OwnBrowser }>({
  own: async ({ office }, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'codossier-browser-'))
    await (await office.signIn('adviser')).command({ type: 'member.editProfile', language: 'en' })
    const own = new OwnBrowser(folder, office)
    await own.start()
    await use(own)
    await own.close()
    await rm(folder, { recursive: true, force: true })
  },
})

test('L3 an hour without a connection, with the tab and the browser closed: both sides are merged, nothing typed is lost', async ({
  own,
  office,
  person,
}) => {
  const dossier = await freshDossier(office)
  const before = await own.signInAt(dossier)
  await type(before, 'Before. ')
  await isSaved(before)
  await before.keyboard.press('Escape')
  await before.getByRole('button', { name: 'Comment', exact: true }).click()
  await expect(comment(before)).toBeFocused()
  await before.keyboard.type('Asked the bank. ')
  await isSaved(before.getByRole('article'))
  await own.offline(true)
  await before.close()

  const train = await own.context.newPage()
  await train.clock.install()
  await own.open(dossier, train)
  await expect(note(train)).toContainText('Before.')
  await expect(train.getByRole('main')).toContainText(dossier.number)
  await type(train, 'On the train. ')
  await isKeptHere(train)
  await train.clock.fastForward('01:00:00')
  await expect(train.getByTestId('waiting')).toContainText(dossier.number)
  await comment(train).click()
  await train.keyboard.press('Control+End')
  await train.keyboard.type('It answered. ')
  await isKeptHere(train.getByRole('article'))
  // commands are not kept for later
  const validate = train.getByRole('button', { name: 'Validate' })
  await expect(validate).toBeDisabled()
  await expect(validate).toHaveAttribute('title', /when the connection is back/)
  await train.getByRole('button', { name: 'Actions' }).click()
  await expect(train.getByRole('menuitem', { name: /stage/i })).toHaveAttribute('aria-disabled', 'true')
  await train.keyboard.press('Escape')
  await train.goto(`${own.url}/board`)
  await train.getByTestId('needs-connection').getByRole('link', { name: 'Copies on this device' }).click()
  const copy = train.getByRole('listitem').filter({ hasText: dossier.number })
  await expect(copy).toContainText('Not sent yet')
  await copy.getByRole('button', { name: /Erase/ }).click()
  await expect(train.getByRole('alert')).toContainText('It is erased with the copy')
  // it is a prospect, and the list opens on the clients elsewhere
  await train.goto(`${own.url}/dossiers`)
  await expect(train.getByRole('link', { name: dossier.client })).toBeVisible()

  const manager = await person('manager')
  await manager.goto(`${office.server.url}/dossiers/${dossier.id}`)
  await type(manager, 'In the office. ')
  await isSaved(manager)

  await own.close()
  await own.start()
  const after = await own.open(dossier)
  await expect(note(after)).toContainText('On the train.')
  await type(after, 'After the tunnel. ')
  await isKeptHere(after)
  await after.goto(`${own.url}/dossiers`)
  await expect(after.getByTestId('waiting')).toContainText(dossier.number)
  // back, on another page than the dossier's
  await own.offline(false)
  for (const words of ['Before.', 'On the train.', 'After the tunnel.', 'In the office.'])
    await expect(note(manager)).toContainText(words, { timeout: 40_000 })
  await expect(manager.getByRole('article')).toContainText('Asked the bank. It answered.')
  await expect(after.getByTestId('waiting')).toBeHidden()
  const whole = await note(manager).textContent()
  await own.open(dossier, after)
  await expect.poll(() => note(after).textContent()).toBe(whole)
})

test('two tabs opened at the same moment without a connection write under ids of their own, and are merged', async ({ own, office }) => {
  const dossier = await freshDossier(office)
  const first = await own.signInAt(dossier)
  await own.offline(true)
  await first.close()
  const tabs = await Promise.all([own.open(dossier), own.open(dossier)])
  await type(tabs[0], 'From the one tab. ')
  await type(tabs[1], 'From the other tab. ')
  for (const tab of tabs) await isKeptHere(tab)
  await own.offline(false)
  for (const tab of tabs) {
    await isSaved(tab)
    for (const words of ['From the one tab.', 'From the other tab.']) await expect(note(tab)).toContainText(words, { timeout: 40_000 })
  }
  expect(await note(tabs[0]).textContent()).toBe(await note(tabs[1]).textContent())

  // the session lapses with words that were not sent, and a colleague comes to this browser
  await own.offline(true)
  await type(tabs[0], 'Never sent. ')
  await isKeptHere(tabs[0])
  await own.context.clearCookies()
  await tabs[1].close()
  await tabs[0].goto('about:blank')
  await own.offline(false)
  await own.open(dossier, tabs[0], 'sign-in')
  await expect(tabs[0].getByTestId('words-wait')).toContainText('When somebody else signs in, it is erased')
  await expect(tabs[0].getByRole('main')).not.toContainText(dossier.number)
  expect(await kept(tabs[0], 'updates')).toBeGreaterThan(0)
  await signIn(tabs[0], 'manager')
  // in the colleague's language
  const text = tabs[0].locator('.tiptap').first()
  await expect(text).toContainText('From the one tab.')
  await expect(text).not.toContainText('Never sent.')
  await tabs[0].context().clearCookies()
  await tabs[0].goto(`${own.url}/sign-in`)
  await expect(tabs[0].getByRole('main')).toHaveAttribute('data-ready')
  await expect(tabs[0].getByTestId('words-wait')).toBeHidden()
})

test('L2 a right that is withdrawn meanwhile takes everything of the dossier out of the browser, and nothing is sent on', async ({
  own,
  office,
  person,
}) => {
  const dossier = await freshDossier(office)
  const page = await own.signInAt(dossier)
  await type(page, 'Canarybefore ')
  await isSaved(page)
  await own.offline(true)
  await type(page, 'Canarytyped ')
  await isKeptHere(page)
  await page.close()
  const admin = await office.signIn('admin')
  const screen = await admin.open()
  const lyon = screen.frame.divisions.find((d) => d.name === 'Lyon')!.id
  screen.close()
  await admin.command({ type: 'dossier.changeOwner', dossierId: dossier.id, ownerId: null })
  await admin.command({ type: 'office.changeSettings', seesWhat: 'own' })
  try {
    await admin.command({ type: 'dossier.changeOwner', dossierId: dossier.id, divisionId: lyon })
    await own.offline(false)
    const back = await own.context.newPage()
    await back.goto(`${own.url}/dossiers/${dossier.id}`)
    await expect(back.getByRole('main')).toContainText('This dossier does not exist')
    await expect.poll(() => kept(back, 'updates')).toBe(0)
    expect(await kept(back, 'pages')).toBe(0)
    await own.close()
    for (const words of ['Canarybefore', 'Canarytyped', dossier.client])
      expect([words, await isFound(own.folder, words)]).toEqual([words, false])
    // the scan finds what is there to be found
    await own.start()
    const planted = await own.context.newPage()
    await planted.goto(`${own.url}/sign-in`)
    await planted.evaluate(() => localStorage.setItem('planted', 'Canaryplain'))
    await own.close()
    expect(await isFound(own.folder, 'Canaryplain')).toBe(true)
  } finally {
    await admin.command({ type: 'office.changeSettings', seesWhat: 'everyone' })
  }
  const reader = await person('admin')
  await reader.goto(`${office.server.url}/dossiers/${dossier.id}`)
  await expect(note(reader)).toContainText('Canarybefore')
  await expect(note(reader)).not.toContainText('Canarytyped')
})

test('without a connection what sends a command waits and says why, on every page; signing out works, and ends the session afterwards', async ({
  own,
  office,
}) => {
  const dossier = await freshDossier(office)
  await (await office.signIn('admin')).command({ type: 'member.editProfile', language: 'en' })
  const page = await own.signInAt(dossier, 'admin')
  const main = page.getByRole('main')
  const goTo = async (menu: 'Main menu' | 'Settings', name: string) => {
    const link = page.getByRole('navigation', { name: menu }).getByRole('link', { name })
    await link.click()
    await expect(link).toHaveAttribute('aria-current', 'page')
  }
  await own.offline(true)
  await expect(page.getByTestId('not-connected')).toBeVisible({ timeout: 40_000 })
  // what leads to a menu, and the note's own tools
  const tools = ['Bold', 'Italic', 'Underline', 'Bullet list', 'Numbered list', 'Emoji', 'Who wrote what', 'Versions of the note']
  expect(await freeOn(page)).toEqual([...frame, 'Kind of advice', 'Prospect', 'Actions', ...tools])
  await goTo('Main menu', 'Dossiers')
  await main.getByRole('tab', { name: /Prospects/ }).click()
  await main.getByRole('row').nth(1).getByRole('checkbox').click()
  const [owner, stage, ...others] = ['Owner', 'Stage', 'Prospects', 'Clients', 'Abandoned', 'Closed', 'Division', 'Export', 'Export']
  const inList = (await freeOn(page)).filter((name) => !/^(Search|Sort by) /.test(name))
  expect(inList.sort()).toEqual([...frame, owner, stage, ...others, 'Clear the selection'].sort())
  const create = main.getByRole('button', { name: 'New dossier' })
  await expect(create).toBeDisabled()
  await expect(create).toHaveAccessibleDescription(/when the connection is back/)
  await create.focus()
  await expect(create).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toContainText('when the connection is back')
  await expect(page.getByRole('dialog')).toBeHidden()
  await goTo('Main menu', 'Board')
  const card = main.getByRole('listitem').first()
  await card.getByRole('button').click()
  for (const item of await page.getByRole('menu').getByRole('menuitem').or(page.getByRole('menuitemcheckbox')).all())
    await expect(item).toBeDisabled()
  await page.keyboard.press('Escape')
  await goTo('Main menu', 'Settings')
  // a role and what else can be done with somebody stand in menus
  const ofSomebody = /^(Role of|Actions for) /
  for (const [name, free] of Object.entries(freeInSettings)) {
    await goTo('Settings', name)
    expect([name, (await freeOn(page)).filter((one) => !ofSomebody.test(one))]).toEqual([name, [...frame, ...free]])
  }
  // it works again at once
  await goTo('Settings', 'Stages')
  const down = main.getByRole('button', { name: /Move .* down/ }).first()
  await expect(down).toBeDisabled()
  await own.offline(false)
  await expect(down).toBeEnabled({ timeout: 40_000 })

  await own.offline(true)
  await expect(down).toBeDisabled({ timeout: 40_000 })
  await page.keyboard.press('Control+k')
  await page.keyboard.type('sign out')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Sign out and erase' }).click()
  await page.waitForURL(/sign-in/)
  await expect(page.getByTestId('sign-out-owed')).toBeVisible()
  await expect.poll(() => databases(page)).toEqual([])
  // whoever comes now does not get in by the address
  await page.goto(`${own.url}/dossiers/${dossier.id}`)
  await page.waitForURL(/sign-in/)
  const session = () => page.evaluate(async () => (await fetch('/api/v1/session')).json() as Promise<{ signedIn: boolean }>)
  await own.offline(false)
  await expect(page.getByTestId('sign-out-owed')).toBeHidden({ timeout: 20_000 })
  expect(await session()).toMatchObject({ signedIn: false })
})

test('signing out erases every copy; a damaged one and a full store say so, and what was typed can be copied out', async ({
  own,
  office,
}) => {
  const dossier = await freshDossier(office)
  const page = await own.signInAt(dossier)
  await type(page, 'From the office. ')
  await isSaved(page)
  await own.offline(true)
  await type(page, 'Typed before the damage. ')
  await isKeptHere(page)
  // a quota set from outside is looked at half a minute later
  await page.evaluate(() => {
    const { add } = IDBObjectStore.prototype
    const full = () => {
      throw new DOMException('no room', 'QuotaExceededError')
    }
    Object.assign(IDBObjectStore.prototype, { add: full })
    Object.assign(window, { makeRoom: () => Object.assign(IDBObjectStore.prototype, { add }) })
  })
  await type(page, 'Typed into the full store. ')
  await expect(page.getByTestId('note-status')).toContainText('storage is full')
  await page.evaluate(() => (window as unknown as { makeRoom: () => void }).makeRoom())
  await type(page, 'And then. ')
  await isKeptHere(page)
  // what came from the server is damaged, what was typed here is not
  const damaged = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let count = 0
        const opening = indexedDB.open('codossier-copies')
        opening.onsuccess = () => {
          const transaction = opening.result.transaction('updates', 'readwrite')
          const rows = transaction.objectStore('updates').index('byState').openCursor('known')
          rows.onsuccess = () => {
            const cursor = rows.result
            if (!cursor) return
            const row = cursor.value as { sealed: { bytes: Uint8Array } }
            row.sealed.bytes[0]! ^= 1
            cursor.update(row)
            count++
            cursor.continue()
          }
          transaction.oncomplete = () => (opening.result.close(), resolve(count))
        }
      }),
  )
  expect(damaged).toBeGreaterThan(0)
  await page.goto(`${own.url}/dossiers/${dossier.id}`)
  await expect(page.getByTestId('note-status')).toContainText('damaged')
  await expect(page.getByTestId('stranded').getByRole('textbox')).toHaveValue(
    /Typed before the damage\. Typed into the full store\. And then\./,
  )
  await own.offline(false)
  await expect(page.locator('.tiptap')).toBeVisible({ timeout: 40_000 })
  await page.getByRole('button', { name: 'Remove from this device' }).click()
  await expect(page.getByTestId('stranded')).toBeHidden()

  await page.keyboard.press('Control+k')
  await page.keyboard.type('sign out')
  await page.keyboard.press('Enter')
  await page.waitForURL(/sign-in/)
  expect(await databases(page)).toEqual([])
})

test('a new build shows at the next load, also without a connection from then on, and what lay here of the one before goes', async ({
  own,
}) => {
  const folder = await mkdtemp(join(tmpdir(), 'codossier-client-'))
  await cp(clientDir, folder, { recursive: true })
  const office = await startSampleOffice([], { clientDir: folder })
  const page = await own.context.newPage()
  await page.goto(`${office.server.url}/sign-in`)
  await page.evaluate(() => navigator.serviceWorker.ready)
  await renewBuild(folder)
  await page.reload()
  await expect(page.locator('meta[name=mark]')).toBeAttached()
  await expect.poll(() => page.evaluate(() => caches.keys())).toEqual(['shell-next'])
  await own.offline(true)
  await page.reload()
  await expect(page.locator('meta[name=mark]')).toBeAttached()
  await expect(page.getByLabel('E-mail')).toBeVisible()
  await office.stop()
  await rm(folder, { recursive: true })
})
