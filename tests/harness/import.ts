import type { ImportFile } from '#shared/contracts/import.ts'
import { fileNameHeader, type ImportJob } from '#shared/contracts/import-job.ts'
import { sampleBytes } from '../../server/sample/office.ts'
import type { SignedIn } from './member.ts'

/** Sends a file as the page does. */
export async function upload(admin: SignedIn, file: ImportFile, bytes: string | Uint8Array, name = `${file}.csv`) {
  const response = await fetch(`${admin.url}/api/v1/imports?file=${file}`, {
    method: 'POST',
    headers: { cookie: admin.cookie, origin: admin.origin, 'content-type': 'text/csv', [fileNameHeader]: encodeURIComponent(name) },
    body: typeof bytes === 'string' ? bytes : new Uint8Array(bytes),
  })
  return { status: response.status, body: (await response.json()) as ImportJob & { refusal?: { code: string } } }
}

/** Resolves when the job is in none of its busy states, with the job; asks every so many milliseconds. */
export async function settled(admin: SignedIn, id: string, everyMs = 20): Promise<ImportJob> {
  for (;;) {
    const job = (await (await admin.get(`/api/v1/imports/${id}`)).json()) as ImportJob
    if (!['reading', 'checking', 'running'].includes(job.state)) return job
    // as the page does: it asks until it is done
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}

/** Sends, reads and checks a file with the guessed columns. */
export async function checked(admin: SignedIn, file: ImportFile, bytes: string | Uint8Array): Promise<ImportJob> {
  const { body } = await upload(admin, file, bytes)
  const read = await settled(admin, body.id)
  if (read.state === 'failed') return read
  await admin.post(`/api/v1/imports/${read.id}/check`, { mapping: read.guess, dates: 'auto' })
  return settled(admin, read.id)
}

/** Imports a file from beginning to end. */
export async function imported(
  admin: SignedIn,
  file: ImportFile,
  bytes: string | Uint8Array,
  faulty: 'refuse' | 'leaveOut' = 'refuse',
): Promise<ImportJob> {
  const job = await checked(admin, file, bytes)
  const response = await admin.post(`/api/v1/imports/${job.id}/run`, { faulty })
  if (response.status !== 202) throw new Error(`the import did not begin: ${await response.text()}`)
  return settled(admin, job.id)
}

export { sampleBytes }
