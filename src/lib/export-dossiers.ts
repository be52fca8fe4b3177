import type { ExportDossiers } from '#shared/contracts/export.ts'
import type { Id } from '#shared/contracts/ids.ts'
import type { Refusal } from '#shared/contracts/refusals.ts'
import { m } from '$paraglide/messages.js'
import { number } from './format.ts'
import { live } from './live/live.svelte.ts'
import { refusalText } from './refusal-text.ts'
import { fileNameOf, saveFile } from './save-file.ts'
import { toasts } from './toasts.svelte.ts'

export type ExportFormat = ExportDossiers['format']

const shownAfterMs = 1_000
/** Until the answer is here, which replaces it. */
const preparingMs = 600_000

/**
 * S4.16: has the server write these dossiers into a file, in this order (without `ids`: all that this member may see), and hands it to
 * the browser as a download. Over one second a toast says that it is being made; a refusal or a broken line is said in one too.
 * Resolves with whether there is a file.
 */
export async function exportDossiers({ format, ids }: { format: ExportFormat; ids?: readonly Id[] }): Promise<boolean> {
  const count = ids?.length ?? live.workspace.size
  const preparing = setTimeout(() => toasts.show({ text: m.export_preparing({ count, n: number(count) }), ms: preparingMs }), shownAfterMs)
  try {
    const response = await fetch('/api/v1/dossiers/export', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ format, ids }),
    })
    const name = fileNameOf(response.headers.get('content-disposition'), `dossiers.${format}`)
    if (response.ok) saveFile(await response.blob(), name)
    toasts.show(response.ok ? { text: m.export_done({ count, n: number(count), name }) } : { text: await whyNot(response), tone: 'bad' })
    return response.ok
  } catch {
    toasts.show({ text: m.export_failed(), tone: 'bad' })
    return false
  } finally {
    clearTimeout(preparing)
  }
}

async function whyNot(response: Response): Promise<string> {
  if (response.status === 429) return m.export_busy()
  const body = (await response.json().catch(() => null)) as { refusal?: Refusal } | null
  return body?.refusal ? refusalText(body.refusal) : m.export_failed()
}
