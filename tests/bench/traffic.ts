import type { CDPSession, Page } from '@playwright/test'

/** Bytes that came to a page as they were on the line: compressed, with headers. */
export class Traffic {
  /** Of each address, without the server's. */
  readonly bytesOf = new Map<string, number>()
  socketBytes = 0
  readonly #session: CDPSession

  private constructor(session: CDPSession) {
    this.#session = session
    const paths = new Map<string, string>()
    session.on('Network.responseReceived', ({ requestId, response }) => paths.set(requestId, new URL(response.url).pathname))
    session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      const path = paths.get(requestId) ?? ''
      this.bytesOf.set(path, (this.bytesOf.get(path) ?? 0) + encodedDataLength)
    })
    session.on('Network.webSocketFrameReceived', ({ response }) => (this.socketBytes += Buffer.byteLength(response.payloadData)))
  }

  /** Counts from now on. */
  static async of(page: Page): Promise<Traffic> {
    const session = await page.context().newCDPSession(page)
    const traffic = new Traffic(session)
    await session.send('Network.enable')
    return traffic
  }

  /** Bytes of all addresses for which this holds. */
  sum(holds: (path: string) => boolean): number {
    return [...this.bytesOf].reduce((total, [path, bytes]) => total + (holds(path) ? bytes : 0), 0)
  }

  /** Bytes that the page's JavaScript holds on its heap, after what is garbage is collected. */
  async heapBytes(): Promise<number> {
    await this.#session.send('HeapProfiler.enable')
    // what the first collection frees may free more
    for (let i = 0; i < 2; i++) await this.#session.send('HeapProfiler.collectGarbage')
    const { usedSize } = await this.#session.send('Runtime.getHeapUsage')
    return usedSize
  }
}
