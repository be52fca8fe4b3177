import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { z } from 'zod'
import { ErrorAnswer, RefusalAnswer } from '#shared/contracts/answers/refusal.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import type { TokenScope } from '#shared/contracts/token.ts'
import { invalid } from '../../commands/invalid.ts'
import { type Env, refused } from './answers.ts'

export type Api = OpenAPIHono<Env>

/** What the document says of one route; where it is served by `serve`, the same schemas parse what comes in. */
export interface Route<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType> {
  method: 'get' | 'post' | 'delete'
  /** Below `/api/v1`, parameters in braces: `/dossiers/{id}`. */
  path: string
  tag: 'commands' | 'dossiers' | 'clients' | 'office' | 'me' | 'workspace' | 'imports' | 'entrance'
  summary: string
  description?: string
  params?: P
  /** The answer to parameters that cannot be. */
  unknown?: Refusal
  query?: Q
  headers?: z.ZodObject
  body?: B
  /** A body that is not JSON: its media type. */
  bodyType?: string
  status?: 200 | 201 | 202 | 204
  /** Absent: nothing is said but that it is done. */
  answer?: z.ZodType
  /** An answer that is not JSON: its media types. */
  answerTypes?: readonly string[]
  /** Refused under these, beside the 422 of what is not of the form. */
  refusals?: readonly (keyof typeof refusalTexts)[]
  /** Open to who is not signed in. */
  isOpen?: boolean
  /** The scope a token needs; absent: `read` for GET, `all` for the rest. `none`: only with a session. */
  scope?: TokenScope | 'none'
}

const refusalTexts = {
  403: 'Not for this member.',
  404: 'There is no such thing, or none that this member may see.',
  409: 'Something else was there first.',
  410: 'It was there once.',
  413: 'More than is taken at once.',
  429: 'Too often: `retry-after` says in how many seconds again.',
}

interface Needed {
  method: string
  path: RegExp
  scope: TokenScope | 'none'
}
const needs = new WeakMap<Api, Needed[]>()

/** The scope a token needs to ask this of an API, as its document says; `none`: no token may, or there is no such route. */
export function neededScope(api: Api, method: string, path: string): TokenScope | 'none' {
  const asked = method === 'HEAD' ? 'GET' : method
  return needs.get(api)?.find((need) => need.method === asked && need.path.test(path))?.scope ?? 'none'
}

/** Paths without parameters come first: `/dossiers/search` is no dossier's id. */
function noteScope(api: Api, { method, path, scope }: { method: string; path: string; scope: TokenScope | 'none' }): void {
  const need = { method: method.toUpperCase(), path: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`), scope }
  const known = needs.get(api) ?? []
  needs.set(api, path.includes('{') ? [...known, need] : [need, ...known])
}

/** Who may ask, in the form of the document: with a session, or with a token of the scope that is needed. */
const securityOf = (scope: TokenScope | 'none'): Record<string, string[]>[] => [
  { session: [] },
  ...(scope === 'none' ? [] : [{ token: [scope] }]),
]

/** Puts a route into the document, without serving it. */
export function describe<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>(api: Api, route: Route<P, Q, B>): void {
  const json = (schema: z.ZodType) => ({ 'application/json': { schema } })
  const refusals = [...(route.refusals ?? []), ...(route.params && !route.refusals?.includes(404) ? [404 as const] : [])]
  const isWrite = route.method !== 'get'
  const scope = route.isOpen ? 'none' : (route.scope ?? (isWrite ? 'all' : 'read'))
  noteScope(api, { method: route.method, path: route.path, scope })
  api.openAPIRegistry.registerPath(
    createRoute({
      method: route.method,
      path: route.path,
      tags: [route.tag],
      operationId: `${route.method} ${route.path}`.replace(
        /[^A-Za-z]+(.)?/g,
        (_, letter: string | undefined) => letter?.toUpperCase() ?? '',
      ),
      summary: route.summary,
      ...(route.description && { description: route.description }),
      security: route.isOpen ? [] : securityOf(scope),
      request: {
        ...(route.params && { params: route.params }),
        ...(route.query && { query: route.query }),
        ...(route.headers && { headers: route.headers }),
        ...(route.body && { body: { required: true, content: { [route.bodyType ?? 'application/json']: { schema: route.body } } } }),
      },
      responses: {
        [route.status ?? 200]: { description: 'Done.', ...contentOf(route) },
        ...((route.body ?? route.query) && { 422: { description: 'Not of the form, or against a rule.', content: json(RefusalAnswer) } }),
        ...Object.fromEntries(
          refusals.map((status) => [status, { description: refusalTexts[status], content: json(RefusalAnswer.or(ErrorAnswer)) }]),
        ),
        ...(!route.isOpen && {
          401: { description: 'Sign in first, or send a token that lets in.', content: json(ErrorAnswer) },
          403: { description: 'Not for this member, or not by this token.', content: json(RefusalAnswer.or(ErrorAnswer)) },
          429: { description: refusalTexts[429], content: json(RefusalAnswer) },
        }),
        ...(isWrite && {
          403: {
            description: 'Not for this member, not by this token, or not from this Origin.',
            content: json(!route.isOpen || refusals.includes(403) ? RefusalAnswer.or(ErrorAnswer) : ErrorAnswer),
          },
          413: { description: refusalTexts[413], content: json(RefusalAnswer.or(ErrorAnswer)) },
        }),
        500: { description: 'Something went wrong on the server.', content: json(ErrorAnswer) },
      },
    }),
  )
}

function contentOf({ answer, answerTypes }: Pick<Route<z.ZodObject, z.ZodObject, z.ZodType>, 'answer' | 'answerTypes'>) {
  if (!answer) return {}
  return { content: Object.fromEntries((answerTypes ?? ['application/json']).map((type) => [type, { schema: answer }])) }
}

export interface Asked<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType> {
  params: z.output<P>
  query: z.output<Q>
  body: z.output<B>
}

/** Serves a route as the document describes it: what comes in is parsed by those schemas, and refused with field and reason. */
export function serve<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>(
  api: Api,
  route: Route<P, Q, B>,
  handler: (c: Context<Env>, asked: Asked<P, Q, B>) => Response | Promise<Response>,
): void {
  describe(api, route)
  api.on(route.method.toUpperCase(), route.path.replace(/\{(\w+)\}/g, ':$1'), async (c: Context<Env>) => {
    const params = route.params?.safeParse(c.req.param())
    if (params && !params.success) return refused(c, route.unknown ?? invalid(params.error))
    const query = route.query?.safeParse(c.req.query())
    if (query && !query.success) return refused(c, invalid(query.error))
    const body = route.body ? await readBody(c, route.body) : null
    if (body && 'refusal' in body) return refused(c, body.refusal)
    return handler(c, { params: params?.data, query: query?.data, body: body?.data } as Asked<P, Q, B>)
  })
}

/** The body as this schema has it; a body that is no JSON says so. */
export async function readBody<B extends z.ZodType>(c: Context, schema: B): Promise<{ data: z.output<B> } | { refusal: Refusal }> {
  const text = await c.req.text()
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch {
    return { refusal: { code: 'invalid', issues: [{ field: '(body)', reason: 'not JSON' }] } }
  }
  const parsed = schema.safeParse(given)
  return parsed.success ? { data: parsed.data } : { refusal: invalid(parsed.error) }
}
