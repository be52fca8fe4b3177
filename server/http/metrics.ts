import { createHash, timingSafeEqual } from 'node:crypto'
import type { HttpBindings } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import type { Metrics } from '../metrics/metrics.ts'

export interface MetricsDoorOptions {
  metrics: Pick<Metrics, 'text' | 'contentType'>
  /** What `Authorization: Bearer` must say; null: only this machine may look. */
  metricsToken: string | null
  /** Is a proxy in front, so that everybody comes from this machine? */
  isBehindProxy: boolean
}

/** `GET /metrics`: by the token, or, where there is none and no proxy in front, from this machine. */
export function createMetricsDoor(options: MetricsDoorOptions): Hono {
  const door = new Hono()
  door.get('/metrics', async (c) => {
    if (options.metricsToken !== null && !isToken(options.metricsToken, c))
      return c.json({ error: 'say the METRICS_TOKEN as Authorization: Bearer …' }, 401, { 'www-authenticate': 'Bearer' })
    if (options.metricsToken === null && (options.isBehindProxy || !isFromHere(c)))
      return c.json({ error: 'only from this machine, or with a METRICS_TOKEN' }, 403)
    return c.body(await options.metrics.text(), 200, { 'content-type': options.metrics.contentType, 'cache-control': 'no-store' })
  })
  return door
}

/** Compared as hashes of equal length, in a time that says nothing of how much of it was right. */
function isToken(token: string, c: Context): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(`Bearer ${token}`), hash(c.req.header('authorization') ?? ''))
}

const ownHosts = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/
const ownAddresses = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])
const forwarded = ['x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'forwarded', 'via']

/** A request that a proxy hands on, or that a page had its browser send under another name, is from elsewhere. */
function isFromHere(c: Context): boolean {
  const { incoming } = c.env as HttpBindings
  return (
    ownAddresses.has(incoming.socket.remoteAddress ?? '') &&
    ownHosts.test(c.req.header('host') ?? '') &&
    forwarded.every((name) => c.req.header(name) === undefined)
  )
}
