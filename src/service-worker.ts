import { build, files, version } from '$service-worker'

/** What is used here of the worker's own scope; the DOM's types do not know it. */
interface Scope {
  addEventListener(type: 'install' | 'activate', listener: (event: { waitUntil(done: Promise<unknown>): void }) => void): void
  addEventListener(type: 'fetch', listener: (event: { request: Request; respondWith(answer: Promise<Response>): void }) => void): void
  skipWaiting(): Promise<void>
  clients: { claim(): Promise<void> }
}
const scope = self as unknown as Scope

const prefix = 'shell-'
const shell = prefix + version
/** The one page that every address shows. */
const page = '/'
/** The pictures of emoji and their names come when they are asked for. */
const kept = new Set([page, ...build.filter((path) => !path.endsWith('.json')), ...files.filter((path) => !path.endsWith('.png'))])
/** So long a page is waited for before the one that lies here is shown, in milliseconds. */
const patienceMs = 4_000

/**
 * Keeps the built client, so that it opens without a connection. What the server says of anybody (`/api`, the sockets) never comes here.
 * With a connection a page always comes from the server: nobody stays on an older version for what lies here.
 */
scope.addEventListener('install', (event) => event.waitUntil(keepShell()))
scope.addEventListener('activate', (event) => event.waitUntil(tidyUp()))
scope.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin || /^\/(api|socket\.io|notes|metrics|healthz|readyz)(\/|$)/.test(pathname))
    return
  if (request.mode === 'navigate') event.respondWith(freshPage(request))
  else if (kept.has(pathname)) event.respondWith(keptFile(request))
})

async function keepShell(): Promise<void> {
  const cache = await caches.open(shell)
  await cache.addAll(
    [...kept].map((path) => (path === page ? new Request(page, { cache: 'reload', headers: { accept: 'text/html' } }) : path)),
  )
  await scope.skipWaiting()
}

async function tidyUp(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith(prefix) && name !== shell) await caches.delete(name)
  await scope.clients.claim()
}

async function freshPage(request: Request): Promise<Response> {
  const own = (await caches.open(shell)).match(page)
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(patienceMs) })
    // a proxy says so where no server is there
    if (answer.status < 500) return answer
    return (await own) ?? answer
  } catch (error) {
    const answer = await own
    if (answer) return answer
    throw error
  }
}

async function keptFile(request: Request): Promise<Response> {
  return (await (await caches.open(shell)).match(request, { ignoreSearch: true })) ?? fetch(request)
}
