/** An answer of the API that is not a success: its status and the body it came with. */
export class ApiError extends Error {
  readonly status: number
  readonly body: unknown
  constructor(status: number, body: unknown) {
    super(`the server answered ${status}`)
    this.status = status
    this.body = body
  }
}

/** GETs JSON, or POSTs it where `body` is given. Throws `ApiError` for every status but 2xx, and what `fetch` throws without a connection. */
export async function fetchJson<T>(path: string, body?: unknown): Promise<T> {
  const response = await fetch(
    path,
    body === undefined
      ? { headers: { accept: 'application/json' } }
      : { method: 'POST', headers: { accept: 'application/json', 'content-type': 'application/json' }, body: JSON.stringify(body) },
  )
  const answer: unknown = response.headers.get('content-type')?.includes('json') ? await response.json() : null
  if (!response.ok) throw new ApiError(response.status, answer)
  return answer as T
}
