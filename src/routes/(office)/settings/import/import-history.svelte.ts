import type { Id } from '#shared/contracts/ids.ts'
import type { ImportSummary } from '#shared/contracts/import.ts'
import { ApiError } from '$lib/live/fetch-json.ts'
import { live } from '$lib/live/live.svelte.ts'
import { toasts } from '$lib/toasts.svelte.ts'
import { m } from '$paraglide/messages.js'
import { importApi } from './import-api.ts'
import { apiErrorText } from './problem-text.ts'

/** The office's imports, newest first, and the way back from each. Fetched again when something was imported or taken back, by whomever. */
export class ImportHistory {
  /** Null: not here yet. */
  imports: ImportSummary[] | null = $state.raw(null)
  failed = $state(false)
  /** Is being taken back. */
  takingBack: Id | null = $state(null)
  #asked = 0

  constructor() {
    const { workspace } = live
    $effect(() => {
      const stops = [
        workspace.onEvent(({ type }) => {
          if (type === 'dossier.imported' || type === 'import.undone') void this.load()
        }),
        // where much is new, the screen fetches everything afresh instead of hearing of it
        workspace.onStale((dossierId) => {
          if (dossierId === null) void this.load()
        }),
      ]
      return () => stops.forEach((stop) => stop())
    })
  }

  find(id: Id | null): ImportSummary | undefined {
    return this.imports?.find((one) => one.id === id)
  }

  async load(): Promise<void> {
    const asked = ++this.#asked
    try {
      const imports = await importApi.history()
      if (asked === this.#asked) {
        this.imports = imports
        this.failed = false
      }
    } catch {
      if (asked === this.#asked) this.failed = true
    }
  }

  /** Takes an import back as a whole, or says why that cannot be any more. */
  async takeBack({ id, fileName }: Pick<ImportSummary, 'id' | 'fileName'>): Promise<void> {
    if (this.takingBack) return
    this.takingBack = id
    try {
      await importApi.takeBack(id)
      toasts.show({ text: m.import_taken_back({ name: fileName }) })
    } catch (error) {
      toasts.show({ text: error instanceof ApiError ? apiErrorText(error) : m.import_line_broken(), tone: 'bad' })
    } finally {
      this.takingBack = null
      void this.load()
    }
  }
}
