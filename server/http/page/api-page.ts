import { createHash } from 'node:crypto'
import { html, raw } from 'hono/html'
import { type Language, languageNames, languages } from '#shared/contracts/language.ts'
import { type Method, methods, type OpenApi, type Operation, type Schema } from './document.ts'
import { schemaText } from './schema-text.ts'
import { style } from './style.ts'
import { type Texts, texts } from './texts.ts'

/** Neither scripts nor anything from elsewhere: the one style sheet is in the page, by its hash. */
export const pagePolicy = [
  `default-src 'none'`,
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  `frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
].join('; ')

/** As one piece: a blank beside the text would be another hash. */
const sheet = raw(`<style>${style}</style>`)

type Part = ReturnType<typeof html>

interface Entry {
  method: Method
  path: string
  operation: Operation
}

/** Where the page and its document are served. */
export interface Addresses {
  page: string
  document: string
}

/** The document as a page to be read: operations by their tag, each folded, and the shapes they name. Its own texts are in this language. */
export async function apiPage(document: OpenApi, addresses: Addresses, language: Language): Promise<string> {
  const { info, components } = document
  const t = texts[language]
  const byTag = Map.groupBy(entriesOf(document), ({ operation }) => operation.tags[0] ?? '')
  const page = await html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${t.say('api_title', { name: info.title })}</title>
        ${sheet}
      </head>
      <body>
        <a class="skip" href="#content">${t.say('api_skip')}</a>
        <div class="beside">
          <nav aria-label="${t.say('api_parts')}">
            <strong>${t.say('api_title', { name: info.title })}</strong>
            <ul>
              ${[...byTag.keys()].map((tag) => html`<li><a href="#${tag}">${t.find(`api_tag_${tag}`) ?? tag}</a></li>`)}
              <li><a href="#shapes">${t.say('api_shapes')}</a></li>
            </ul>
          </nav>
          <nav aria-label="${t.say('api_languages')}">
            <ul>
              ${languages.map((other) => languageLink(other, other === language, addresses.page))}
            </ul>
          </nav>
        </div>
        <main id="content">
          <h1>${t.say('api_title', { name: info.title })}, ${t.say('api_version', { version: info.version })}</h1>
          <p>
            ${t.show('api_where', { base: html`<code>/api/v1</code>`, document: html`<a href="${addresses.document}">OpenAPI 3.1</a>` })}
            ${language === 'en' ? '' : t.say('api_english')}
          </p>
          ${(info.description ?? '').split('\n\n').map((text) => html`<p lang="en">${withCode(text)}</p>`)}
          ${[...byTag].map(([tag, entries]) => section(t, tag, entries))} ${shapes(t, components?.schemas ?? {})}
        </main>
      </body>
    </html>`
  return String(page)
}

function languageLink(language: Language, isCurrent: boolean, page: string): Part {
  const name = languageNames[language]
  return isCurrent
    ? html`<li><a href="${page}?lang=${language}" lang="${language}" aria-current="true">${name}</a></li>`
    : html`<li><a href="${page}?lang=${language}" lang="${language}">${name}</a></li>`
}

function entriesOf({ paths }: OpenApi): Entry[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    methods.flatMap((method) => {
      const operation = operations[method]
      return operation ? [{ method, path, operation }] : []
    }),
  )
}

function section(t: Texts, tag: string, entries: readonly Entry[]): Part {
  return html`<section aria-labelledby="${tag}">
    <h2 id="${tag}">${t.find(`api_tag_${tag}`) ?? tag}</h2>
    ${entries.map((one) => entry(t, one))}
  </section>`
}

function entry(t: Texts, { method, path, operation }: Entry): Part {
  const { operationId, summary, description, parameters = [], requestBody, responses, security } = operation
  return html`<details id="${operationId}">
    <summary>
      <span class="method ${method}">${method.toUpperCase()}</span> <code>${path}</code>
      <span class="says" lang="en">${path.endsWith(`/${summary}`) ? '' : summary}</span>
    </summary>
    <div class="body">
      ${description ? html`<p lang="en">${withCode(description)}</p>` : ''}
      <p>${accessText(t, security)}</p>
      ${parameters.length > 0 ? parameterTable(t, parameters) : ''}
      ${Object.entries(requestBody?.content ?? {}).map(
        ([type, { schema }]) =>
          html`<h3>${t.say('api_body')} <small>${type}</small></h3>
            ${shape(schema)}`,
      )}
      ${Object.entries(responses).map(([status, answer]) => answerPart(status, answer))}
    </div>
  </details>`
}

/** Who may ask: anybody, a session, or also a token. */
function accessText(t: Texts, security: Operation['security'] = []): Part | string {
  if (security.length === 0) return t.say('api_open')
  const [scope] = security.flatMap(({ token = [] }) => token)
  return scope ? html`${t.show('api_by_token', { scope: html`<code>${scope}</code>` })}` : t.say('api_by_session')
}

function parameterTable(t: Texts, parameters: NonNullable<Operation['parameters']>): Part {
  const row = ({ name, in: place, required, schema = {}, description = schema.description ?? '' }: (typeof parameters)[number]) =>
    html`<tr>
      <th scope="row"><code>${name}</code></th>
      <td>${t.find(`api_place_${place}`) ?? place}${required ? `, ${t.say('api_needed')}` : ''}</td>
      <td><code>${schemaText(schema)}</code></td>
      <td lang="en">${withCode(description)}</td>
    </tr>`
  return html`<h3>${t.say('api_parameters')}</h3>
    <div class="wide" role="region" aria-label="${t.say('api_parameters')}" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">${t.say('api_column_name')}</th>
            <th scope="col">${t.say('api_column_where')}</th>
            <th scope="col">${t.say('api_column_what')}</th>
            <th scope="col">${t.say('api_column_meaning')}</th>
          </tr>
        </thead>
        <tbody>
          ${parameters.map(row)}
        </tbody>
      </table>
    </div>`
}

function answerPart(status: string, { description, content = {} }: Operation['responses'][string]): Part {
  const shown = Object.entries(content).map(([type, { schema }]) =>
    type === 'application/json' ? shape(schema) : html`<p><code>${type}</code></p>`,
  )
  return html`<h3>${status} <small lang="en">${description}</small></h3>
    ${shown}`
}

function shapes(t: Texts, schemas: Record<string, Schema>): Part {
  return html`<section aria-labelledby="shapes">
    <h2 id="shapes">${t.say('api_shapes')}</h2>
    ${Object.entries(schemas).map(
      ([name, schema]) =>
        html`<details id="shape-${name}">
          <summary><code>${name}</code> <span class="says" lang="en">${schema.description ?? ''}</span></summary>
          <div class="body">${shape(schema)}</div>
        </details>`,
    )}
  </section>`
}

function shape(schema: Schema | undefined): Part | string {
  // a keyboard can scroll what is wider than the page
  return schema ? html`<pre tabindex="0">${schemaText(schema)}</pre>` : ''
}

/** What stands between backticks is code. */
function withCode(text: string): (Part | string)[] {
  return text.split('`').map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : part))
}
