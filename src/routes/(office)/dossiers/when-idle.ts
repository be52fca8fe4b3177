/** Runs something once the browser has nothing else to do; after a pause where it cannot tell. Returns what `cancelIdle` takes. */
export function whenIdle(run: () => void): number {
  return 'requestIdleCallback' in window ? requestIdleCallback(run) : Number(setTimeout(run, 50))
}

export function cancelIdle(handle: number): void {
  if ('requestIdleCallback' in window) cancelIdleCallback(handle)
  else clearTimeout(handle)
}
