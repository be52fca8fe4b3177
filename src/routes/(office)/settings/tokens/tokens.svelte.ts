import type { Id } from '#shared/contracts/ids.ts'
import type { Token } from '#shared/contracts/token.ts'
import { fetchJson } from '$lib/live/fetch-json.ts'
import { live } from '$lib/live/live.svelte.ts'

/** The tokens that this member may see, newest first: their own, and for admins those of the whole office. Read anew when one comes or goes. */
export class TokenList {
  /** Null until they were read. */
  all: Token[] | null = $state.raw(null)
  failed = $state(false)

  /** Reads them, and again with every change; to be called in an effect. Returns what ends it. */
  follow(): () => void {
    void this.read()
    return live.workspace.onEvent(({ type }) => {
      if (type === 'token.made' || type === 'token.revoked' || type === 'member.changed') void this.read()
    })
  }

  async read(): Promise<void> {
    try {
      this.all = (await fetchJson<{ tokens: Token[] }>('/api/v1/tokens')).tokens
      this.failed = false
    } catch {
      this.failed = this.all === null
    }
  }

  /** Takes one out at once; what the server says of it comes after. */
  without(id: Id): void {
    this.all = this.all?.filter((token) => token.id !== id) ?? null
  }
}
