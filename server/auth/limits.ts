import { isIPv6 } from 'node:net'
import { TokenBucket } from '../gateway/token-bucket.ts'
import type { SharedAttempts } from './shared-attempts.ts'

/** Taken; `giveBack` where the attempt was no guess. */
export interface Taken {
  giveBack(): void
}

/** An attempt, or in how many seconds the next may be made. */
export type Attempt = Taken | { waitSeconds: number }

/** So many attempts a minute for each key, as many at once. Keys are forgotten when they are as good as new. */
export class Limit {
  readonly perMinute: number
  readonly #mostKeys: number
  readonly #now: () => number
  readonly #buckets = new Map<string, TokenBucket>()

  constructor(perMinute: number, now: () => number, mostKeys = 20_000) {
    this.perMinute = perMinute
    this.#now = now
    this.#mostKeys = mostKeys
  }

  take(key: string): Attempt {
    const now = this.#now()
    if (!this.#buckets.has(key)) this.#makeRoom(now)
    const bucket = this.#buckets.get(key) ?? new TokenBucket(this.perMinute, this.perMinute / 60, now)
    this.#buckets.set(key, bucket)
    return bucket.take(now) ? { giveBack: () => bucket.giveBack() } : { waitSeconds: bucket.waitSeconds(now) }
  }

  get size(): number {
    return this.#buckets.size
  }

  #makeRoom(now: number): void {
    if (this.#buckets.size < this.#mostKeys) return
    for (const [key, bucket] of this.#buckets) if (bucket.isFull(now)) this.#buckets.delete(key)
    // all of them in use: the one that was begun first goes
    const [first] = this.#buckets.keys()
    if (this.#buckets.size >= this.#mostKeys && first !== undefined) this.#buckets.delete(first)
  }
}

/** A limit that holds for all nodes together. What this node alone refuses it does not ask the others about. */
export class SharedLimit {
  readonly #name: string
  readonly #own: Limit
  readonly #shared: SharedAttempts | null

  /** `name`: keys of another limit are others. `shared`: null where there are no other nodes. */
  constructor(name: string, own: Limit, shared: SharedAttempts | null) {
    this.#name = name
    this.#own = own
    this.#shared = shared
  }

  async take(key: string): Promise<Attempt> {
    const own = this.#own.take(key)
    if (!this.#shared || 'waitSeconds' in own) return own
    const shared = this.#shared
    const name = `${this.#name} ${key}`
    const waitSeconds = await shared.take(name, this.#own.perMinute)
    if (waitSeconds > 0) return { waitSeconds }
    return {
      giveBack: () => {
        own.giveBack()
        // where that fails it counts as a guess
        shared.giveBack(name).catch(() => {})
      },
    }
  }
}

/** What one household or firm has: an IPv4 address, or the first 64 bits of an IPv6 one, of which it can use any. */
export function networkOf(address: string): string {
  const bare = address.split('%', 1)[0] ?? ''
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)
  if (mapped) return mapped[1] ?? bare
  if (!isIPv6(bare)) return bare
  const [head = '', tail] = bare.toLowerCase().split('::')
  const front = head === '' ? [] : head.split(':')
  const back = tail ? tail.split(':') : []
  const groups = tail === undefined ? front : [...front, ...Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0'), ...back]
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')
}

/** What slows down guessing, each for itself. */
export interface Limits {
  /** By the e-mail address that is typed, whether it has an account or not; a right password is given back. */
  account: SharedLimit
  /** By the client's address: signing in. */
  signIn: SharedLimit
  /** By the client's address: looking at and taking up links; a good one is given back. */
  link: Limit
  /** By the client's address: tokens; a good one is given back. */
  wrongToken: Limit
  /** By token: requests. */
  token: Limit
}

/** `now`: milliseconds of a clock. What 128 bits keep from being guessed each node counts by itself. */
export function createLimits(now: () => number, shared: SharedAttempts | null): Limits {
  return {
    account: new SharedLimit('account', new Limit(5, now), shared),
    signIn: new SharedLimit('sign-in', new Limit(60, now), shared),
    link: new Limit(60, now),
    wrongToken: new Limit(60, now),
    token: new Limit(600, now),
  }
}
