/**
 * Which `Origin` may use cookies: the public address, or localhost at our port. Comparing with `Host` instead would let DNS rebinding
 * through, and fail behind a proxy that rewrites it. No origin at all is refused: browsers always send one where it matters.
 */
export function originCheck(publicOrigin: string | null, port: () => number): (origin: string | undefined) => boolean {
  return (origin) => {
    if (origin === undefined) return false
    if (publicOrigin) return origin === publicOrigin
    return origin === `http://localhost:${port()}` || origin === `http://127.0.0.1:${port()}`
  }
}
