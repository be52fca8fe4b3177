import { expect, it } from 'vitest'
import type { Id } from '#shared/contracts/ids.ts'
import type { Store } from '../../../server/store/store.ts'
import type { Make } from '../contract.ts'
import { anOfficeIn, anUpload, day, freshId } from '../samples.ts'

/** Files on their way in, and what is made of them. */
export function uploadContract(make: Make): void {
  it('a file is put under one revision after the other, and is there after a restart', async () => {
    const { store, reopen } = await make()
    const officeId = await anOfficeIn(store)
    const first = anUpload()
    expect(await store.upload(officeId, first.id)).toBeNull()
    expect(await store.putUpload(officeId, first)).toBe(true)
    const second = { ...first, revision: 2, at: day + 5, doc: '{"text":"Zoë 🙂"}' }
    expect(await store.putUpload(officeId, second)).toBe(true)
    for (const late of [first, second, { ...first, revision: 4 }, anUpload({ revision: 2 })])
      expect(await store.putUpload(officeId, late)).toBe(false)
    const again = await reopen()
    expect(await again.upload(officeId, first.id)).toEqual(second)
    expect(await again.uploads(officeId)).toEqual([second])
  })

  it('of many that put the same revision at once one does', async () => {
    const { store } = await make()
    const officeId = await anOfficeIn(store)
    const upload = anUpload()
    await store.putUpload(officeId, upload)
    const puts = Array.from({ length: 10 }, (_, i) => store.putUpload(officeId, { ...upload, revision: 2, doc: `"${i}"` }))
    expect((await Promise.all(puts)).filter(Boolean)).toHaveLength(1)
  })

  it('its bytes lie in parts, in as many blobs as are wanted, and a blob goes alone', async () => {
    const { store, reader } = await make()
    const officeId = await anOfficeIn(store)
    const { id } = await kept(store, officeId)
    const large = new Uint8Array(4 * 1024 * 1024).map((_, i) => i % 251)
    expect(await store.putUploadPart(officeId, id, { blob: 'file', part: 0, bytes: large })).toBe(true)
    expect(await store.putUploadPart(officeId, id, { blob: 'file', part: 1, bytes: new Uint8Array([1]) })).toBe(true)
    expect(await store.putUploadPart(officeId, id, { blob: 'file', part: 1, bytes: new Uint8Array([2]) })).toBe(true)
    expect(await store.putUploadPart(officeId, id, { blob: 'faults', part: 0, bytes: new Uint8Array([3]) })).toBe(true)
    const look = await reader()
    expect(Buffer.compare((await look.uploadPart(officeId, id, 'file', 0))!, large)).toBe(0)
    expect(await look.uploadPart(officeId, id, 'file', 1)).toEqual(new Uint8Array([2]))
    expect(await look.uploadPart(officeId, id, 'file', 2)).toBeNull()
    await store.dropUploadBlob(officeId, id, 'file')
    expect(await look.uploadPart(officeId, id, 'file', 0)).toBeNull()
    expect(await look.uploadPart(officeId, id, 'faults', 0)).toEqual(new Uint8Array([3]))
  })

  it('with a file go its parts, and none is put after it', async () => {
    const { store } = await make()
    const officeId = await anOfficeIn(store)
    const upload = await kept(store, officeId)
    const part = { blob: 'file', part: 0, bytes: new Uint8Array([1]) }
    await store.putUploadPart(officeId, upload.id, part)
    await store.dropUpload(officeId, upload.id)
    await store.dropUpload(officeId, upload.id)
    expect(await store.uploadPart(officeId, upload.id, 'file', 0)).toBeNull()
    expect(await store.putUploadPart(officeId, upload.id, part)).toBe(false)
    expect(await store.uploadPart(officeId, upload.id, 'file', 0)).toBeNull()
    expect(await store.putUpload(officeId, { ...upload, revision: 2 })).toBe(false)
  })

  it('how far those of all offices are is told, and one that moved on is not removed at the revision before', async () => {
    const { store } = await make()
    const offices = [await anOfficeIn(store), await anOfficeIn(store)]
    const [one, other] = await Promise.all(offices.map((officeId) => kept(store, officeId)))
    await store.putUploadPart(offices[0]!, one!.id, { blob: 'file', part: 0, bytes: new Uint8Array([1]) })
    await store.putUpload(offices[0]!, { ...one!, revision: 2 })
    const mine = (await store.uploadRevisions()).filter(({ officeId }) => offices.includes(officeId))
    expect(mine.toSorted((a, b) => b.revision - a.revision)).toEqual([
      { officeId: offices[0], id: one!.id, revision: 2 },
      { officeId: offices[1], id: other!.id, revision: 1 },
    ])
    await store.dropUpload(offices[0]!, one!.id, 1)
    expect(await store.uploadPart(offices[0]!, one!.id, 'file', 0)).toEqual(new Uint8Array([1]))
    await store.dropUpload(offices[0]!, one!.id, 2)
    expect(await store.uploads(offices[0]!)).toEqual([])
    expect(await store.uploadPart(offices[0]!, one!.id, 'file', 0)).toBeNull()
  })

  it('a file is of one office alone', async () => {
    const { store } = await make()
    const [mine, other] = [await anOfficeIn(store), await anOfficeIn(store)]
    const { id } = await kept(store, mine)
    await store.putUploadPart(mine, id, { blob: 'file', part: 0, bytes: new Uint8Array([1]) })
    expect([await store.upload(other, id), await store.uploads(other), await store.uploadPart(other, id, 'file', 0)]).toEqual([
      null,
      [],
      null,
    ])
    await store.dropUpload(other, id)
    expect(await store.uploadPart(mine, id, 'file', 0)).toEqual(new Uint8Array([1]))
    expect(await store.upload(mine, freshId())).toBeNull()
  })
}

async function kept(store: Store, officeId: Id, at = day) {
  const upload = anUpload({ at })
  await store.putUpload(officeId, upload)
  return upload
}
