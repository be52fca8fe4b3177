import { randomUUID } from 'node:crypto'
import { type HttpBindings } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { NotCertain } from '../auth/door.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { type ApiOptions, createApi } from './api.ts'
import type { Language } from '#shared/contracts/language.ts'
import { documentPath, openApiDocument, pagePath } from './api/document.ts'
import type { Api } from './api/route.ts'
import { createDoors, type DoorsOptions } from './doors.ts'
import { createMetricsDoor, type MetricsDoorOptions } from './metrics.ts'
import { apiPage, pagePolicy } from './page/api-page.ts'
import { languageOf } from './page/language.ts'
import type { OpenApi } from './page/document.ts'
import { serveClient } from './static.ts'

export interface AppOptions extends Omit<ApiOptions, 'addressOf'>, Omit<DoorsOptions, 'addressOf'>, Omit<MetricsDoorOptions, 'metrics'> {
  log: Log
  metrics: Metrics
  trustProxy: boolean
  /** Folder of the built client; null: none is served (tests of the API alone). */
  clientDir: string | null
  isReady: () => Promise<boolean>
}

/** The one HTTP application: health, the doors before a sign-in, the API, and the client for every other path. */
export function createApp(options: AppOptions): Hono {
  const { log, trustProxy } = options
  const app = new Hono()
  app.use('*', async (c, next) => {
    const startedAt = performance.now()
    await next()
    options.metrics.request(c.req.method, c.res.status)
    // the route's pattern, not its path: no ids, no search words
    log.debug(
      { method: c.req.method, route: c.req.routePath, status: c.res.status, ms: Math.round(performance.now() - startedAt) },
      'request',
    )
  })
  app.onError((error, c) => {
    const { incoming } = c.env as HttpBindings
    if (incoming.destroyed) return c.json({ error: 'the request was broken off' }, 400)
    if (error instanceof NotCertain) {
      log.warn({ err: error, route: c.req.routePath }, 'a request could not be let in')
      return c.json({ error: 'who you are cannot be looked up at this moment; ask again' }, 503, { 'retry-after': '1' })
    }
    const requestId = randomUUID()
    log.error({ err: error, requestId, method: c.req.method, route: c.req.routePath }, 'a request failed')
    return c.json(
      {
        error: 'something went wrong on the server; a command may be repeated with its Idempotency-Key, it has one effect at most',
        requestId,
      },
      500,
    )
  })
  app.get('/healthz', (c) => c.json({ alive: true }))
  app.get('/readyz', async (c) => ((await options.isReady()) ? c.json({ ready: true }) : c.json({ ready: false }, 503)))
  app.route('/', createMetricsDoor(options))
  app.route(
    '/',
    onlyUnder(
      ['/api/auth', '/api/v1/session', '/api/v1/setup', '/api/v1/join', '/api/v1/reset', '/api/v1/copies'],
      createDoors({ ...options, addressOf: (c) => addressOf(c, trustProxy) }),
    ),
  )
  const api = createApi({ ...options, addressOf: (c) => addressOf(c, trustProxy) })
  serveDocument(app, api)
  app.route('/api/v1', api as unknown as Hono)
  app.all('/api/*', (c) => c.json({ error: 'there is no such resource' }, 404))
  if (options.clientDir) serveClient(app, options.clientDir)
  return app
}

/** What there is to ask for, as a document and as a page; not behind the sign-in, for it says nothing of anybody. */
function serveDocument(app: Hono, api: Api): void {
  let document: object | null = null
  const pages = new Map<Language, Promise<string>>()
  const made = (): object => (document ??= openApiDocument(api))
  app.get(documentPath, (c) => c.json(made(), 200, { 'cache-control': 'no-cache' }))
  app.get(pagePath, async (c) => {
    const language = languageOf(c)
    const page = pages.get(language) ?? apiPage(made() as OpenApi, { page: pagePath, document: documentPath }, language)
    pages.set(language, page)
    return c.html(await page, 200, {
      'content-language': language,
      vary: 'accept-language, cookie',
      'content-security-policy': pagePolicy,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-cache',
    })
  })
}

/** Hands only these paths to the inner application: its middleware must not judge the others. */
function onlyUnder(prefixes: readonly string[], inner: Hono): Hono {
  const outer = new Hono()
  outer.use('*', async (c, next) => {
    const isInner = prefixes.some((p) => c.req.path === p || c.req.path.startsWith(`${p}/`))
    return isInner ? inner.fetch(c.req.raw, c.env) : next()
  })
  return outer
}

/** The client's address: of the socket, or the last one the trusted proxy saw. */
function addressOf(c: Context, trustProxy: boolean): string {
  const forwarded = trustProxy ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined
  const { incoming } = c.env as HttpBindings
  return forwarded ?? incoming.socket.remoteAddress ?? '0.0.0.0'
}
