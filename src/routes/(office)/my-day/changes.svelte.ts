import type { MyDayChanges } from '#shared/contracts/my-day.ts'
import { fetchJson } from '$lib/live/fetch-json.ts'
import type { OfficeWorkspace } from '$lib/live/workspace.svelte.ts'

const pauseMs = 250

/** What changed since the member was last here, kept up to date while the page is open. */
export class Changes {
  state: 'loading' | 'ready' | 'failed' = $state('loading')
  day: MyDayChanges | null = $state.raw(null)
  #timer: ReturnType<typeof setTimeout> | undefined
  #stop: () => void
  #asked = 0

  constructor(workspace: OfficeWorkspace) {
    void this.load()
    this.#stop = workspace.onChange((changes) => {
      if (changes.some(({ by }) => by !== workspace.memberId)) this.#later()
    })
  }

  async load(): Promise<void> {
    const asked = ++this.#asked
    try {
      const day = await fetchJson<MyDayChanges>('/api/v1/my-day')
      if (asked !== this.#asked) return
      this.day = day
      this.state = 'ready'
    } catch {
      if (asked === this.#asked && !this.day) this.state = 'failed'
    }
  }

  /** Everything that is shown was seen. */
  async markSeen(): Promise<void> {
    if (!this.day) return
    await fetchJson('/api/v1/my-day/seen', { n: this.day.at })
    await this.load()
  }

  stop(): void {
    this.#stop()
    clearTimeout(this.#timer)
  }

  #later(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      void this.load()
    }, pauseMs)
  }
}
