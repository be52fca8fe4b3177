import { type Api } from './route.ts'

/** Where the document is served, open to everybody: it says what there is to ask for, and nothing of anybody. */
export const documentPath = '/api/v1/openapi.json'
/** The same to be read in a browser. */
export const pagePath = '/api/v1/docs'

const introduction = [
  'Reads are resources; every change is a command, `POST /commands/<type>`, with one effect however often it is repeated under the same `Idempotency-Key`.',
  'Sign in with `POST /api/auth/sign-in/email` (`{"email", "password"}`) and send the cookie it sets. Writes are taken from the office’s own address only: send it as `Origin`.',
  'A program sends a personal token as `Authorization: Bearer …`, without cookie and `Origin`. Which scope a request takes stands beside it; a token to read gets 403 for what takes `all`. Passwords, ending sessions and making tokens take a session. 600 requests a minute.',
  'Everybody gets what they may see in their office; what they may not see is answered as if it did not exist.',
].join('\n\n')

/** The OpenAPI document of everything under `/api/v1`, made from the schemas that the server parses with. */
export function openApiDocument(api: Api): object {
  api.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: 'codossier.session_token',
    description: 'Over https: `__Secure-codossier.session_token`.',
  })
  api.openAPIRegistry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
    description: 'A personal token, made under Settings, Tokens.',
  })
  const document = api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Codossier', version: '1', description: introduction, license: { name: 'Apache-2.0' } },
    servers: [{ url: '/api/v1' }],
    security: [{ session: [] }, { token: [] }],
  })
  return withPlainPatterns(document) as object
}

/** The generator writes a regular expression with its flags behind it, `…/u`; in JSON Schema they have none, and are Unicode anyhow. */
function withPlainPatterns(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withPlainPatterns)
  if (typeof node !== 'object' || node === null) return node
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      key === 'pattern' && typeof value === 'string' ? value.replace(/\/[dgimsuvy]+$/, '') : withPlainPatterns(value),
    ]),
  )
}
