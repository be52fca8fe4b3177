import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { close, type CloseCode } from '#shared/contracts/notes-wire.ts'
import { Waiting } from './waiting.ts'

/** What is read off at each look, rather than counted. */
export interface Readings {
  /** Notes in memory, by the state of their room. */
  rooms: () => Record<string, number>
  sockets: () => { live: number; notes: number; channels: number }
  isReady: () => Promise<boolean>
}

/** From an acknowledgement by memory to a commit of 10,000 dossiers, in seconds. */
const commitSeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const delayResolutionMs = 20

/**
 * The figures of one server. Labels come from closed lists of the program alone (kinds of commands, reasons, states): never a name, an
 * address, an id, or anything people wrote.
 */
export class Metrics {
  readonly #registry = new Registry()
  readonly #delay = monitorEventLoopDelay({ resolution: delayResolutionMs })
  #mostBehind = 0
  #lookedAt = performance.now()
  /** Commands without an answer, and what the store has not confirmed yet. */
  readonly commands = new Waiting()
  readonly commits = new Waiting()
  readonly appends = new Waiting()

  readonly #commandsDone = this.#counter('commands_total', 'Commands answered, by kind and outcome: done, or why refused.', [
    'kind',
    'outcome',
  ])
  readonly #commits = this.#histogram('commit_seconds', 'How long commits took until they were on disk.', commitSeconds)
  readonly #appendsDone = this.#counter('note_appends_total', 'Updates of notes given to the store, by what became of them.', ['result'])
  readonly #appendTimes = this.#histogram('note_append_seconds', 'How long group commits of notes took.', commitSeconds)
  readonly #versions = this.#counter('note_version_bytes_total', 'Bytes of kept states of notes: stored, and dropped by the rule.', [
    'what',
  ])
  readonly #closed = this.#counter('note_channels_closed_total', 'Channels and sockets of notes that the server closed.', ['reason'])
  readonly #requests = this.#counter('http_requests_total', 'Requests answered, by method and status.', ['method', 'status'])

  constructor() {
    this.#delay.enable()
    this.#gauge('behind_events', 'By how many events an office’s log was ahead of this server, at most, since the last look.', () => {
      const most = this.#mostBehind
      this.#mostBehind = 0
      return most
    })
    this.#gauge('last_look_seconds', 'Since this server last saw that it knows the whole log of every open office.', () =>
      secondsSince(this.#lookedAt),
    )
    this.#gauges('waiting', 'Commands without an answer, and what the store has not confirmed yet.', 'what', () => ({
      commands: this.commands.size,
      commits: this.commits.size,
      appends: this.appends.size,
    }))
    this.#gauges('longest_wait_seconds', 'How long the oldest of them has waited.', 'what', () => ({
      commands: this.commands.oldestSeconds,
      commits: this.commits.oldestSeconds,
      appends: this.appends.oldestSeconds,
    }))
    this.#gauge('resident_memory_bytes', 'Memory of the process.', () => process.memoryUsage.rss())
    this.#gauge('heap_used_bytes', 'Of it, objects in use.', () => process.memoryUsage().heapUsed)
    this.#gauge('uptime_seconds', 'Since the process began.', () => process.uptime())
    this.#eventLoopDelay()
  }

  /** Begins to read these off. */
  watch({ rooms, sockets, isReady }: Readings): void {
    this.#gauge('ready', '1: takes work. 0: starts, stops, or its store does not answer.', async () => ((await isReady()) ? 1 : 0))
    this.#gauges('rooms', 'Notes in memory, by the state of their room.', 'state', rooms)
    this.#gauges('sockets', 'Open sockets, and channels of notes in them.', 'kind', sockets)
  }

  /** A command of this kind was answered; `outcome`: `done`, the code of its refusal, or `failed` where the store did. */
  command(kind: string, outcome: string): void {
    this.#commandsDone.inc({ kind, outcome })
  }

  committed(ms: number): void {
    this.#commits.observe(ms / 1_000)
  }

  appended(results: readonly string[], ms: number): void {
    this.#appendTimes.observe(ms / 1_000)
    for (const result of results) this.#appendsDone.inc({ result })
  }

  /** So many bytes were stored for a version of a note, or are not any more. */
  versionSpace(bytes: number, what: 'kept' | 'dropped'): void {
    this.#versions.inc({ what }, bytes)
  }

  /** The server closed a channel of a note, or the socket. */
  closed(code: CloseCode): void {
    this.#closed.inc({ reason: reasons.get(code) ?? 'other' })
  }

  request(method: string, status: number): void {
    this.#requests.inc({ method: methods.has(method) ? method : 'other', status: String(status) })
  }

  /** An office's log was found to be so many events ahead of what this server knew. */
  behind(events: number): void {
    this.#mostBehind = Math.max(this.#mostBehind, events)
  }

  /** Every open office was looked at: this server knows all of their logs. */
  looked(): void {
    this.#lookedAt = performance.now()
  }

  /** All of them, as Prometheus reads them. */
  text(): Promise<string> {
    return this.#registry.metrics()
  }

  get contentType(): string {
    return this.#registry.contentType
  }

  close(): void {
    this.#delay.disable()
  }

  #counter<L extends string>(name: string, help: string, labelNames: L[]): Counter<L> {
    return new Counter({ name: `codossier_${name}`, help, labelNames, registers: [this.#registry] })
  }

  #histogram(name: string, help: string, buckets: number[]): Histogram {
    return new Histogram({ name: `codossier_${name}`, help, buckets, registers: [this.#registry] })
  }

  #gauge(name: string, help: string, read: () => number | Promise<number>): void {
    const collect = async (gauge: Gauge) => gauge.set(await read())
    new Gauge({ name: `codossier_${name}`, help, registers: [this.#registry], collect: collectBy(collect) })
  }

  #gauges<L extends string>(name: string, help: string, label: L, read: () => Record<string, number>): void {
    const collect = (gauge: Gauge<L>) => {
      for (const [value, n] of Object.entries(read())) gauge.set({ [label]: value } as Record<L, string>, n)
    }
    new Gauge({ name: `codossier_${name}`, help, labelNames: [label], registers: [this.#registry], collect: collectBy(collect) })
  }

  /** How late timers of the process's one thread were since the last look. */
  #eventLoopDelay(): void {
    this.#gauges('event_loop_delay_seconds', 'How late the thread that answers came to its work since the last look.', 'quantile', () => {
      const late = (ns: number) => Math.max(0, ns / 1e9 - delayResolutionMs / 1e3)
      const read = { '0.5': late(this.#delay.percentile(50)), '0.99': late(this.#delay.percentile(99)), '1': late(this.#delay.max) }
      this.#delay.reset()
      return read
    })
  }
}

const secondsSince = (at: number): number => (performance.now() - at) / 1_000

const reasons = new Map<CloseCode, string>(Object.entries(close).map(([reason, code]) => [code, reason]))
const methods = new Set(['GET', 'HEAD', 'POST', 'DELETE', 'PUT', 'PATCH', 'OPTIONS'])

/** The library hands a collector its gauge as `this`. */
function collectBy<G>(collect: (gauge: G) => void | Promise<void>): (this: G) => void | Promise<void> {
  return function (this: G) {
    return collect(this)
  }
}
