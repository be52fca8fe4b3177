import { createHash, randomBytes } from 'node:crypto'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { JSDOM } from 'jsdom'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { linkCodeOf, linkIdOf } from '#shared/contracts/link.ts'
import { tokenText } from '#shared/contracts/token.ts'
import type { OpenApi } from '../../server/http/page/document.ts'
import { texts } from '../../server/http/page/texts.ts'
import { newId } from '../../server/new-id.ts'
import type { Screen } from '../harness/member.ts'
import { startSampleOffice, type TestOffice } from '../harness/office.ts'

let office: TestOffice
let admin: Screen
let document: OpenApi
let page: Document
let headers: Headers
let token: string
const ajv = new Ajv2020({ strict: false, allErrors: true })
addFormats.default(ajv)

beforeAll(async () => {
  office = await startSampleOffice(['admin'])
  admin = await (await office.signIn('admin')).open()
  const code = linkCodeOf(randomBytes(16))
  await admin.send({ type: 'token.make', tokenId: linkIdOf(code), name: 'Page', scope: 'all', expiresAt: null })
  token = tokenText(admin.frame.office.id, code)
  document = (await (await fetch(`${office.server.url}/api/v1/openapi.json`)).json()) as OpenApi
  ajv.addSchema(document, 'api.json')
  const response = await fetch(`${office.server.url}/api/v1/docs`)
  headers = response.headers
  page = new JSDOM(await response.text()).window.document
})
afterAll(async () => {
  admin?.close()
  await office?.stop()
})

/** What the page offers: each operation by its method and path, as it stands there. */
function offered(): { method: string; path: string; statuses: string[] }[] {
  return [...page.querySelectorAll('details:has(.method)')].map((entry) => ({
    method: entry.querySelector('.method')!.textContent!.toLowerCase(),
    path: entry.querySelector('summary code')!.textContent!,
    statuses: [...entry.querySelectorAll('h3')].flatMap(({ textContent }) => /^\d{3}/.exec(textContent ?? '')?.[0] ?? []),
  }))
}

/** Asks by the token; the answer as it is, held against the document. */
async function asked(method: 'get' | 'post', path: string, url: string, body?: unknown): Promise<number> {
  const sent = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const response = await fetch(`${office.server.url}/api/v1${url}`, {
    method,
    headers: sent,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const said = document.paths[path]?.[method]?.responses[response.status]
  expect(said, `${method} ${path} ${response.status}`).toBeDefined()
  const answer: unknown = await response.json()
  const escaped = path.replaceAll('~', '~0').replaceAll('/', '~1')
  const validate = ajv.getSchema(`api.json#/paths/${escaped}/${method}/responses/${response.status}/content/application~1json/schema`)!
  expect(validate(answer) ? [] : validate.errors, `${method} ${url}: ${JSON.stringify(answer).slice(0, 300)}`).toEqual([])
  return response.status
}

it('the page has every operation of the document, with each of its answers', () => {
  const documented = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { responses }]) => ({ method, path, statuses: Object.keys(responses) })),
  )
  const inOrder = (list: typeof documented) => list.map((one) => JSON.stringify(one)).sort()
  expect(inOrder(offered())).toEqual(inOrder(documented))
  expect([...page.querySelectorAll('[id^="shape-"]')].map(({ id }) => id.slice(6))).toEqual(Object.keys(document.components?.schemas ?? {}))
})

it('it asks nothing of anywhere else, runs nothing, and has no broken link of its own', () => {
  expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/)
  const sheet = createHash('sha256').update(page.querySelector('style')!.textContent!).digest('base64')
  expect(headers.get('content-security-policy')).toContain(`style-src 'sha256-${sheet}'`)
  expect(page.querySelectorAll('script, link, img, iframe, [style], [onclick]')).toHaveLength(0)
  for (const link of page.querySelectorAll('a')) {
    const href = link.getAttribute('href')!
    expect(href.startsWith('#') ? page.getElementById(href.slice(1)) : href).toBeTruthy()
    expect(href).toMatch(/^[#/]/)
  }
})

it('each read on it, asked by a personal token, answers what it says: of what is not there, that it is not', async () => {
  const row = [...admin.workspace.rows.values()][0]!
  const manifest = (await (await admin.member.get('/api/v1/workspace')).json()) as { chunks: { key: string; at: number }[] }
  const idOf = (path: string) => (path.startsWith('/dossiers/') ? row.id : path.startsWith('/clients/') ? row.clientId : newId())
  const { key, at } = manifest.chunks[0]!
  const closed: string[] = []
  for (const { method, path } of offered()) {
    if (method !== 'get') continue
    const url = path.replace('{id}', idOf(path)).replace('{key}', key).replace('{at}', String(at)).replace('{epoch}/{seq}', '1/1')
    const status = await asked('get', path, path === '/events' ? `${url}?since=0` : url)
    if (status !== 200) closed.push(`${status} ${path}`)
  }
  const notThere = ['/dossiers/{id}/note/versions/{epoch}/{seq}', '/imports/{id}', '/imports/{id}/faults.csv', '/members/{id}/security']
  expect(closed.sort()).toEqual(notThere.map((path) => `404 ${path}`))
})

it('a command on it, sent by a personal token, does what it says', async () => {
  const row = [...admin.workspace.rows.values()].find(({ status }) => status === 'client')!
  const path = '/commands/dossier.edit'
  expect(offered().some((one) => one.path === path)).toBe(true)
  expect(await asked('post', path, path, { dossierId: row.id, title: 'By the page' })).toBe(200)
  expect((await admin.member.page(row.id)).dossier.title).toBe('By the page')
  expect(await asked('post', path, path, { dossierId: row.id, title: 7 })).toBe(422)
  expect(await asked('post', path, path, { dossierId: newId(), title: 'Nowhere' })).toBe(404)
})

it('its own texts are in five languages: by its address, by the language of the browser’s pages, and by what the browser wants', async () => {
  const shown = async (query: string, asking: Record<string, string> = {}) => {
    const response = await fetch(`${office.server.url}/api/v1/docs${query}`, { headers: asking })
    const { window } = new JSDOM(await response.text())
    const { lang } = window.document.documentElement
    expect([response.headers.get('content-language'), response.headers.get('vary')]).toEqual([lang, 'accept-language, cookie'])
    return [lang, window.document.querySelector('.skip')!.textContent]
  }
  const skip = { en: 'Skip to the content', nl: 'Naar de inhoud', da: 'Til indholdet', de: 'Zum Inhalt', fr: 'Aller au contenu' }
  for (const [language, text] of Object.entries(skip)) expect(await shown(`?lang=${language}`)).toEqual([language, text])
  expect(await shown('', { cookie: 'PARAGLIDE_LOCALE=fr', 'accept-language': 'nl' })).toEqual(['fr', skip.fr])
  expect(await shown('', { 'accept-language': 'es, de-CH;q=0.9, en;q=0.8' })).toEqual(['de', skip.de])
  expect(await shown('?lang=xx', { 'accept-language': 'es' })).toEqual(['en', skip.en])
})

it('in every language it has a word for each part and place, and says what is English', async () => {
  const tags = new Set(Object.values(document.paths).flatMap((operations) => Object.values(operations).flatMap(({ tags }) => tags)))
  const keys = [...[...tags].map((tag) => `api_tag_${tag}`), ...['cookie', 'header', 'path', 'query'].map((place) => `api_place_${place}`)]
  for (const [language, text] of Object.entries(texts)) {
    expect([language, keys.filter((key) => text.find(key) === null)]).toEqual([language, []])
    const page = await (await fetch(`${office.server.url}/api/v1/docs?lang=${language}`)).text()
    expect([language, page.includes(text.say('api_english'))]).toEqual([language, language !== 'en'])
    expect(page).not.toMatch(/\{(base|document|scope|name|version)\}/)
  }
})
