import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** Where bytes are passed on to: a port of this machine. */
type Target = number

/** A port that passes on everything to another one, as a proxy or a network does, and can fail as they do. */
export class Relay {
  readonly port: number
  readonly #server = createServer({ allowHalfOpen: true }, (near) => void this.#join(near))
  readonly #pairs = new Set<[near: Socket, far: Socket]>()
  #targets: readonly Target[] = []
  #turn = 0
  #thawed: PromiseWithResolvers<void> | null = null

  private constructor(port: number) {
    this.port = port
    this.#server.listen(port, '127.0.0.1')
  }

  /** `port`: where it listens; the targets of `to` are tried in turn, each new line at the next one that takes it. */
  static async start(port: number, to: readonly Target[] = []): Promise<Relay> {
    const relay = new Relay(port)
    relay.#targets = to
    await once(relay.#server, 'listening')
    return relay
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** From now on nothing passes, in neither direction, and nobody is told: a partition. */
  freeze(): void {
    this.#thawed ??= Promise.withResolvers()
    for (const pair of this.#pairs) for (const socket of pair) socket.pause()
  }

  /** What waited passes on. */
  thaw(): void {
    this.#thawed?.resolve()
    this.#thawed = null
    for (const pair of this.#pairs) for (const socket of pair) socket.resume()
  }

  async stop(): Promise<void> {
    this.#thawed?.resolve()
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy()
    const closed = once(this.#server, 'close')
    this.#server.close()
    await closed
  }

  async #join(near: Socket): Promise<void> {
    near.on('error', () => near.destroy())
    await this.#thawed?.promise
    const far = await this.#reach()
    if (!far) return void near.destroy()
    const pair: [Socket, Socket] = [near, far]
    this.#pairs.add(pair)
    for (const [from, to] of [pair, pair.toReversed() as typeof pair]) {
      from.on('data', (bytes) => {
        if (!to.write(bytes)) from.pause()
      })
      to.on('drain', () => this.#thawed ?? from.resume())
      from.on('end', () => to.end())
      from.on('error', () => {})
      from.on('close', () => {
        this.#pairs.delete(pair)
        to.destroy()
      })
    }
  }

  /** A line to the next target that takes one; null: none does. */
  async #reach(): Promise<Socket | null> {
    for (let tries = 0; tries < this.#targets.length; tries++) {
      const target = this.#targets[this.#turn++ % this.#targets.length]
      const far = connect({ port: target ?? 0, host: '127.0.0.1', allowHalfOpen: true })
      const isReached = await once(far, 'connect').then(
        () => true,
        () => false,
      )
      if (isReached) return far
    }
    return null
  }
}
