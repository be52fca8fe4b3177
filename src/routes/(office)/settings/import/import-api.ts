import type { Id } from '#shared/contracts/ids.ts'
import type { ImportFile, ImportSummary } from '#shared/contracts/import.ts'
import { fileNameHeader, type DateOrder, type ImportJob, type RunImport } from '#shared/contracts/import-job.ts'
import { ApiError, fetchJson } from '$lib/live/fetch-json.ts'

const path = '/api/v1/imports'

/** Column by field: which column of the file a field is filled from, counted from 0. */
export type Mapping = Readonly<Record<string, number>>

export const importApi = {
  find: (id: Id) => fetchJson<ImportJob>(`${path}/${id}`),
  history: async () => (await fetchJson<{ imports: ImportSummary[] }>(path)).imports,
  check: (id: Id, mapping: Mapping, dates: DateOrder) => fetchJson<ImportJob>(`${path}/${id}/check`, { mapping, dates }),
  run: (id: Id, faulty: RunImport['faulty']) => fetchJson<ImportJob>(`${path}/${id}/run`, { faulty }),
  takeBack: (importId: Id) => fetchJson<unknown>(`${path}/records/${importId}/undo`, {}),
  faultsHref: (id: Id) => `${path}/${id}/faults.csv`,
  /** Lets go of a file on the server; it goes by itself in any case, so a failure does not matter. */
  drop: (id: Id) => void fetch(`${path}/${id}`, { method: 'DELETE' }).catch(() => {}),
}

/** A broken line, as opposed to an answer. */
export class LineBroken extends Error {
  constructor() {
    super('the connection broke')
  }
}

/** Sends a file, telling how many bytes have left. Throws `ApiError`, `LineBroken`, or an AbortError when stopped by `signal`. */
export function sendFile(
  file: File,
  kind: ImportFile,
  { onSent, signal }: { onSent: (bytes: number) => void; signal: AbortSignal },
): Promise<ImportJob> {
  // fetch does not tell how far an upload is
  const request = new XMLHttpRequest()
  return new Promise<ImportJob>((resolve, reject) => {
    request.upload.onprogress = ({ loaded }) => onSent(loaded)
    request.onload = () => {
      const body = jsonOf(request.responseText)
      if (request.status === 201) resolve(body as ImportJob)
      else reject(new ApiError(request.status, body))
    }
    request.onerror = () => reject(new LineBroken())
    request.onabort = () => reject(new DOMException('stopped', 'AbortError'))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.open('POST', `${path}?file=${kind}`)
    request.setRequestHeader('content-type', 'text/csv')
    // not in the address: names of files may be names of people
    request.setRequestHeader(fileNameHeader, encodeURIComponent(file.name))
    request.send(file)
  })
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
