import { expect, it, onTestFinished } from 'vitest'
import type { ImportJob } from '#shared/contracts/import-job.ts'
import { Works } from '../../server/import/works.ts'
import { createLog } from '../../server/log.ts'
import { newId } from '../../server/new-id.ts'
import { aFolder, opened } from '../store/folders.ts'
import { anOfficeIn, someone } from '../store/samples.ts'

it('what became of a file is kept once the store writes again, and nobody works on it after that', async () => {
  const place = { dataDir: aFolder(), mongodbUri: null }
  const store = await opened(place)
  const officeId = await anOfficeIn(store)
  let isBroken = false
  const putUpload: typeof store.putUpload = (...asked) =>
    isBroken ? Promise.reject(new Error('the disk is full')) : store.putUpload(...asked)
  const works = new Works({ place, store: { ...store, putUpload }, log: createLog('silent'), now: Date.now, newId })
  onTestFinished(() => works.close())

  const job = { id: newId(), state: 'reading', file: 'clients' } as ImportJob
  const at = { officeId, memberId: someone, revision: 0, at: 0, asked: null, faults: null, work: null }
  const hand = (await works.claim({ ...at, job }, { kind: 'read' }))!
  isBroken = true
  await works.run(hand, async () => ({ job: { state: 'read' } }))
  expect(works.size).toBe(1)
  isBroken = false
  await expect.poll(() => works.size, { timeout: 30_000 }).toBe(0)
  expect((await store.upload(officeId, job.id))?.doc).toContain('"state":"read"')
})
