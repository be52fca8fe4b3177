import type { Id, Instant } from '#shared/contracts/ids.ts'
import { type CheckImport, type ImportJob, mostImportBytes } from '#shared/contracts/import-job.ts'
import type { Store, Upload } from '../store/store.ts'

/** What is being done with a file. What is left undone by a node that is gone is begun anew by another. */
export type Work = { kind: 'take' } | { kind: 'read' } | { kind: 'check' } | RunWork

/** `mostFaulty`: so many faulty rows were seen and are left out. Under the two ids it is done once, however often it is begun. */
export interface RunWork {
  kind: 'run'
  mostFaulty: number
  importId: Id
  commandId: Id
  /** By which it was asked for; null: by the member. It must still let in when it is done. */
  tokenId: Id | null
}

/** A file on its way in, as every node finds it in the store. */
export interface Incoming {
  officeId: Id
  memberId: Id
  revision: number
  at: Instant
  job: ImportJob
  /** How its columns were read last. */
  asked: CheckImport | null
  /** The blob of the faulty rows that were found last. */
  faults: Id | null
  /** Null: it waits for a person. `claim`: of whoever does it; null: it was let go. `tries`: how often it was begun. */
  work: (Work & { claim: Id | null; tries: number }) | null
}

/** The blob of the file itself. */
export const fileBlob = 'file'
const partBytes = 1024 * 1024

export type IncomingStore = Pick<
  Store,
  'putUpload' | 'upload' | 'uploads' | 'putUploadPart' | 'uploadPart' | 'dropUploadBlob' | 'dropUpload'
>

/** Puts it under the next revision. False: somebody else did, or it is gone. */
export function put(store: IncomingStore, incoming: Incoming, at: Instant): Promise<boolean> {
  const { officeId, memberId, job, asked, faults, work } = incoming
  const doc = JSON.stringify({ job, asked, faults, work })
  return store.putUpload(officeId, { id: job.id, memberId, revision: incoming.revision + 1, at, doc })
}

export async function find(store: IncomingStore, officeId: Id, id: Id): Promise<Incoming | null> {
  const upload = await store.upload(officeId, id)
  return upload && incomingOf(officeId, upload)
}

export async function ofOffice(store: IncomingStore, officeId: Id): Promise<Incoming[]> {
  return (await store.uploads(officeId)).map((upload) => incomingOf(officeId, upload))
}

function incomingOf(officeId: Id, { memberId, revision, at, doc }: Upload): Incoming {
  return { officeId, memberId, revision, at, ...(JSON.parse(doc) as Pick<Incoming, 'job' | 'asked' | 'faults' | 'work'>) }
}

/** The file was put away while it came in. */
export class PutAway extends Error {
  override name = 'PutAway'
}

/**
 * Keeps a body as the file, part by part as it comes. Returns its length in bytes; null: it is longer than is taken. Throws `PutAway`, and
 * what reading it throws.
 */
export async function keepFile(store: IncomingStore, officeId: Id, id: Id, body: AsyncIterable<Uint8Array>): Promise<number | null> {
  let [bytes, part] = [0, 0]
  for await (const some of inParts(body)) {
    bytes += some.length
    if (bytes > mostImportBytes) return null
    if (!(await store.putUploadPart(officeId, id, { blob: fileBlob, part: part++, bytes: some }))) throw new PutAway()
  }
  return bytes
}

/** Keeps bytes that are there already. */
export async function keepBlob(store: IncomingStore, officeId: Id, id: Id, blob: Id, bytes: Uint8Array): Promise<void> {
  for (let from = 0, part = 0; from < bytes.length; from += partBytes, part++)
    await store.putUploadPart(officeId, id, { blob, part, bytes: bytes.slice(from, from + partBytes) })
}

/** All of a blob; empty where there is none. */
export async function readBlob(store: Pick<Store, 'uploadPart'>, officeId: Id, id: Id, blob: Id): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = []
  for (;;) {
    const part = await store.uploadPart(officeId, id, blob, parts.length)
    if (!part) return new Uint8Array(Buffer.concat(parts))
    parts.push(part)
  }
}

async function* inParts(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let [gathered, length]: [Uint8Array[], number] = [[], 0]
  for await (const some of body) {
    gathered.push(some)
    length += some.length
    if (length < partBytes) continue
    yield new Uint8Array(Buffer.concat(gathered))
    ;[gathered, length] = [[], 0]
  }
  if (length > 0) yield new Uint8Array(Buffer.concat(gathered))
}
