import { createHash } from 'node:crypto'
import { html, raw } from 'hono/html'
import { type Method, methods, type OpenApi, type Operation, type Schema } from './document.ts'
import { schemaText } from './schema-text.ts'
import { style } from './style.ts'

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

/** The document as a page to be read: operations by their tag, each folded, and the shapes they name. */
export async function apiPage(document: OpenApi, documentPath: string): Promise<string> {
  const { info, components } = document
  const byTag = Map.groupBy(entriesOf(document), ({ operation }) => operation.tags[0] ?? '')
  const page = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>API · ${info.title}</title>
        ${sheet}
      </head>
      <body>
        <a class="skip" href="#content">Skip to the content</a>
        <nav aria-label="Parts">
          <strong>${info.title} API</strong>
          <ul>
            ${[...byTag.keys()].map((tag) => html`<li><a href="#${tag}">${tag}</a></li>`)}
            <li><a href="#shapes">shapes</a></li>
          </ul>
        </nav>
        <main id="content">
          <h1>${info.title} API, version ${info.version}</h1>
          ${(info.description ?? '').split('\n\n').map((text) => html`<p>${withCode(text)}</p>`)}
          <p>Everything is below <code>/api/v1</code>. This page as a document for programs: <a href="${documentPath}">OpenAPI 3.1</a>.</p>
          ${[...byTag].map(([tag, entries]) => section(tag, entries))} ${shapes(components?.schemas ?? {})}
        </main>
      </body>
    </html>`
  return String(page)
}

function entriesOf({ paths }: OpenApi): Entry[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    methods.flatMap((method) => {
      const operation = operations[method]
      return operation ? [{ method, path, operation }] : []
    }),
  )
}

function section(tag: string, entries: readonly Entry[]): Part {
  return html`<section aria-labelledby="${tag}">
    <h2 id="${tag}">${tag}</h2>
    ${entries.map(entry)}
  </section>`
}

function entry({ method, path, operation }: Entry): Part {
  const { operationId, summary, description, parameters = [], requestBody, responses, security } = operation
  return html`<details id="${operationId}">
    <summary>
      <span class="method ${method}">${method.toUpperCase()}</span> <code>${path}</code>
      <span class="says">${path.endsWith(`/${summary}`) ? '' : summary}</span>
    </summary>
    <div class="body">
      ${description ? html`<p>${withCode(description)}</p>` : ''}
      ${security?.length === 0 ? html`<p>Open to who is not signed in.</p>` : ''} ${parameters.length > 0 ? parameterTable(parameters) : ''}
      ${Object.entries(requestBody?.content ?? {}).map(
        ([type, { schema }]) =>
          html`<h3>Body <small>${type}</small></h3>
            ${shape(schema)}`,
      )}
      ${Object.entries(responses).map(([status, answer]) => answerPart(status, answer))}
    </div>
  </details>`
}

function parameterTable(parameters: NonNullable<Operation['parameters']>): Part {
  const row = ({ name, in: place, required, schema = {}, description = schema.description ?? '' }: (typeof parameters)[number]) =>
    html`<tr>
      <th scope="row"><code>${name}</code></th>
      <td>${place}${required ? ', needed' : ''}</td>
      <td><code>${schemaText(schema)}</code></td>
      <td>${withCode(description)}</td>
    </tr>`
  return html`<h3>Parameters</h3>
    <div class="wide" role="region" aria-label="Parameters" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Where</th>
            <th scope="col">What</th>
            <th scope="col">Meaning</th>
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
  return html`<h3>${status} <small>${description}</small></h3>
    ${shown}`
}

function shapes(schemas: Record<string, Schema>): Part {
  return html`<section aria-labelledby="shapes">
    <h2 id="shapes">shapes</h2>
    ${Object.entries(schemas).map(
      ([name, schema]) =>
        html`<details id="shape-${name}">
          <summary><code>${name}</code> <span class="says">${schema.description ?? ''}</span></summary>
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
