import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { serveStatic } from '@hono/node-server/serve-static'
import type { Hono } from 'hono'

/** What a `<meta>` tag cannot say. Neither `script-src` nor `default-src`: they would block the start script that the page hashes itself. */
const policy = "frame-ancestors 'none'; base-uri 'none'; object-src 'none'; form-action 'self'; connect-src 'self'"

/** Serves the built client: hashed files for ever, every other path the one page. */
export function serveClient(app: Hono, root: string): void {
  app.use('*', async (c, next) => {
    await next()
    c.header('content-security-policy', policy)
    c.header('x-content-type-options', 'nosniff')
    c.header('referrer-policy', 'same-origin')
  })
  app.use(
    '/_app/immutable/*',
    serveStatic({ root, precompressed: true, onFound: (_, c) => c.header('cache-control', 'public, max-age=31536000, immutable') }),
  )
  app.use('/*', serveStatic({ root, precompressed: true, onFound: (_, c) => c.header('cache-control', 'no-cache') }))
  app.get('*', (c, next) => {
    const isPage = existsSync(join(root, 'index.html')) && c.req.header('accept')?.includes('text/html')
    return isPage
      ? serveStatic({ root, path: 'index.html', precompressed: true, onFound: (_, ctx) => ctx.header('cache-control', 'no-cache') })(
          c,
          next,
        )
      : next()
  })
}
