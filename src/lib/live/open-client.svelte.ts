import type { Client } from '#shared/contracts/client.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { ApiError, fetchJson } from './fetch-json.ts'
import type { OfficeWorkspace } from './workspace.svelte.ts'

/** A client opened on their page: everybody works with the same data (S3.1), so each edit is fetched as it comes. */
export class OpenClient {
  state: 'loading' | 'ready' | 'notFound' | 'failed' = $state('loading')
  client: Client | null = $state.raw(null)
  readonly id: Id
  #stop: () => void

  constructor(workspace: OfficeWorkspace, id: Id) {
    this.id = id
    const stopEvents = workspace.onEvent((event) => {
      if (event.type === 'client.edited' && event.clientId === id) void this.load()
    })
    const stopStale = workspace.onStale((dossierId) => {
      if (dossierId === null) void this.load()
    })
    // with the last dossier one may see the client may go out of sight
    const stopChanges = workspace.onChange((changes) => {
      if (changes.some(({ before, after }) => before?.clientId === id && !after)) void this.load()
    })
    this.#stop = () => {
      stopEvents()
      stopStale()
      stopChanges()
    }
    void this.load()
  }

  /** (Re)loads the client. One that this member may not see is `notFound`. */
  async load(): Promise<void> {
    try {
      const client = await fetchJson<Client>(`/api/v1/clients/${this.id}`)
      if (this.client && this.client.at > client.at) return
      this.client = client
      this.state = 'ready'
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) this.state = 'notFound'
      else if (this.state === 'loading') this.state = 'failed'
    }
  }

  destroy(): void {
    this.#stop()
  }
}
