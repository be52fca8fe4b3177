import { resolve } from 'node:path'
import { z } from 'zod'

const Flag = z.enum(['0', '1', 'false', 'true']).transform((v) => v === '1' || v === 'true')

const Environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATA_DIR: z.string().min(1).default('./data'),
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, 'begins with mongodb:// or mongodb+srv://')
    .optional(),
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  TRUST_PROXY: Flag.default(false),
  METRICS_TOKEN: z.string().min(16).max(200).optional(),
  DRAIN_MS: z.coerce.number().int().min(0).max(5_000).default(0),
  LOG_LEVEL: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
})

export interface Config {
  /** 0: any free port. */
  port: number
  host: string
  dataDir: string
  /** The replica set that several nodes share, as a connection string with the name of the database; null: the store is in `dataDir`. */
  mongodbUri: string | null
  /** The address people use, without a path; null: localhost at `port`. */
  publicOrigin: string | null
  /** Take the client's address from `X-Forwarded-For` (its last entry), as set by the one proxy in front. */
  trustProxy: boolean
  /** Who says it may read `/metrics`; null: only this machine, where no proxy is in front. */
  metricsToken: string | null
  /** How long a stopping server says that it is not ready before it sends its sockets away, for proxies that look now and then; at most 5 s. */
  drainMs: number
  logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug'
}

/** The only reader of the environment. Throws an error that names the variable, and what it allows, for a wrong value. */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = Environment.safeParse(given)
  if (!parsed.success) throw new Error(parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('\n'))
  const { PORT, HOST, DATA_DIR, MONGODB_URI, PUBLIC_URL, TRUST_PROXY, METRICS_TOKEN, DRAIN_MS, LOG_LEVEL } = parsed.data
  return Object.freeze({
    port: PORT,
    host: HOST,
    dataDir: resolve(DATA_DIR),
    mongodbUri: MONGODB_URI ?? null,
    publicOrigin: PUBLIC_URL ? new URL(PUBLIC_URL).origin : null,
    trustProxy: TRUST_PROXY,
    metricsToken: METRICS_TOKEN ?? null,
    drainMs: DRAIN_MS,
    logLevel: LOG_LEVEL,
  })
}
