import type { Client } from '#shared/contracts/client.ts'
import type { Dossier } from '#shared/contracts/dossier.ts'
import type { DossierPage, HistoryEntry } from '#shared/contracts/dossier-page.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { historyEntry } from '#shared/domain/history.ts'
import { copies } from '../offline/tab-copies.ts'
import { ApiError, fetchJson } from './fetch-json.ts'
import type { OfficeWorkspace } from './workspace.svelte.ts'

/** A dossier opened on its page: what the slim row does not hold, and a history that lengthens by itself. */
export class OpenDossier {
  state: 'loading' | 'ready' | 'notFound' | 'failed' = $state('loading')
  dossier: Dossier | null = $state.raw(null)
  client: Client | null = $state.raw(null)
  /** Newest first. */
  history: HistoryEntry[] = $state.raw([])
  readonly id: Id
  readonly #workspace: OfficeWorkspace
  #stop: () => void

  constructor(workspace: OfficeWorkspace, id: Id) {
    this.id = id
    this.#workspace = workspace
    const stopStale = workspace.onStale((dossierId) => {
      if (dossierId === null || dossierId === id) void this.load()
    })
    const stopEvents = workspace.onEvent((event) => {
      // S3.1: the page shows the client's data, too
      if (event.type === 'client.edited' && event.clientId === this.client?.id) void this.load()
      const entry = historyEntry(event, id)
      if (!entry || this.history.some((e) => e.n === entry.n)) return
      this.history = [entry, ...this.history].sort((a, b) => b.n - a.n)
      // reason, dates under the gauge and the like are not in the slim row
      void this.load()
    })
    this.#stop = () => {
      stopStale()
      stopEvents()
    }
    void this.load()
  }

  /** (Re)loads the page's data. A dossier that this member may not see is `notFound`. */
  async load(): Promise<void> {
    try {
      const page = await fetchJson<DossierPage>(`/api/v1/dossiers/${this.id}`)
      if (this.dossier && this.dossier.at > page.dossier.at) return
      this.#show(page)
      void copies.keepPage(page, this.#workspace.frame)
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) this.state = 'notFound'
      else if (this.state === 'loading') await this.#loadCopy()
    }
  }

  /** What lies in this browser, where the server cannot be reached. */
  async #loadCopy(): Promise<void> {
    const seen = await copies.page(this.id).catch(() => null)
    if (seen) this.#show(seen.page)
    else this.state = 'failed'
  }

  #show({ dossier, client, history }: DossierPage): void {
    this.dossier = dossier
    this.client = client
    this.history = history
    this.state = 'ready'
  }

  destroy(): void {
    this.#stop()
  }
}
