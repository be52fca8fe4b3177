import { expect, it } from 'vitest'
import type { StoredVersion } from '../../../server/store/store.ts'
import type { Make } from '../contract.ts'
import { aCommit, aDossier, anAppend, anOfficeIn, aSetting, day, freshId, put, someone } from '../samples.ts'

/** A kept state of a note; its bytes are nothing to the store. */
function aVersion(seq: number, fields: Partial<StoredVersion> = {}): StoredVersion {
  const bytes = new Uint8Array([seq, 0, 9])
  return {
    epoch: 1,
    seq,
    at: day + seq,
    authors: [someone],
    name: null,
    namedBy: null,
    reason: 'pause',
    size: bytes.length,
    bytes,
    ...fields,
  }
}

const withoutBytes = ({ bytes: _, ...version }: StoredVersion) => version

/** The kept states of notes: each once, and gone with what they are of. */
export function noteVersionContract(make: Make): void {
  /** A store with a note of so many updates. */
  async function written(updates: number) {
    const { store, reopen } = await make()
    const dossier = aDossier()
    const officeId = await anOfficeIn(store, [put.dossier(dossier)])
    await store.appendNotes(Array.from({ length: updates }, (_, i) => anAppend(officeId, dossier.id, i + 1)))
    return { store, reopen, officeId, note: dossier.id }
  }

  it('kept states come back in order and byte for byte, after a restart too; each number is kept once', async () => {
    const { store, reopen, officeId, note } = await written(5)
    const [two, five] = [aVersion(2, { authors: [someone, freshId()], reason: 'author' }), aVersion(5)]
    expect(await store.versions(officeId, note)).toEqual([])
    expect(await store.putVersion(officeId, note, five)).toBe('done')
    expect(await store.putVersion(officeId, note, two)).toBe('done')
    expect(await store.putVersion(officeId, note, aVersion(5, { at: 1, bytes: new Uint8Array([1]) }))).toBe('there')
    const again = await reopen()
    expect(await again.versions(officeId, note)).toEqual([two, five].map(withoutBytes))
    expect(await again.version(officeId, note, { epoch: 1, seq: 5 })).toEqual(five)
    expect(await again.version(officeId, note, { epoch: 1, seq: 4 })).toBeNull()
    expect(await again.versions(officeId, freshId())).toEqual([])
  })

  it('of two that keep the same state at once one does', async () => {
    const { store, officeId, note } = await written(1)
    const results = await Promise.all([1, 2, 3].map(() => store.putVersion(officeId, note, aVersion(1))))
    expect(results.toSorted()).toEqual(['done', 'there', 'there'])
  })

  it('a state beyond the log, or of another epoch, is raced: nothing is kept', async () => {
    const { store, officeId, note } = await written(2)
    expect(await store.putVersion(officeId, note, aVersion(3))).toBe('raced')
    expect(await store.putVersion(officeId, note, aVersion(1, { epoch: 2 }))).toBe('raced')
    expect(await store.putVersion(officeId, freshId(), aVersion(1))).toBe('raced')
    expect(await store.versions(officeId, note)).toEqual([])
  })

  it('a kept state is named and named again; what is not kept has no name', async () => {
    const { store, officeId, note } = await written(2)
    await store.putVersion(officeId, note, aVersion(2))
    const key = { epoch: 1, seq: 2 }
    expect(await store.nameVersion(officeId, note, key, 'Sent to the bank', someone)).toBe(true)
    expect(await store.nameVersion(officeId, note, key, 'Søren’s 🛶', someone)).toBe(true)
    expect(await store.nameVersion(officeId, note, { epoch: 1, seq: 1 }, 'None', someone)).toBe(false)
    expect(await store.versions(officeId, note)).toEqual([{ ...withoutBytes(aVersion(2)), name: 'Søren’s 🛶', namedBy: someone }])
  })

  it('dropped states are gone, the others stay, and so do those that were given a name meanwhile', async () => {
    const { store, officeId, note } = await written(4)
    for (const seq of [1, 2, 3, 4]) await store.putVersion(officeId, note, aVersion(seq))
    await store.nameVersion(officeId, note, { epoch: 1, seq: 4 }, 'Sent to the bank', someone)
    await store.dropVersions(officeId, note, [
      { epoch: 1, seq: 1 },
      { epoch: 1, seq: 3 },
      { epoch: 1, seq: 4 },
      { epoch: 7, seq: 2 },
    ])
    expect((await store.versions(officeId, note)).map(({ seq }) => seq)).toEqual([2, 4])
  })

  it('S3.9 a rebuilt note has no versions of before, and a dossier that is dropped takes them along', async () => {
    const { store, officeId, note } = await written(2)
    await store.putVersion(officeId, note, aVersion(2))
    await store.rebuildNote(officeId, note, 1, { bytes: new Uint8Array([1]), vector: new Uint8Array([0]) })
    expect(await store.versions(officeId, note)).toEqual([])
    await store.appendNotes([anAppend(officeId, note, 1, { epoch: 2 })])
    expect(await store.putVersion(officeId, note, aVersion(1, { epoch: 2 }))).toBe('done')
    await store.commit(aCommit(officeId, 1, { drops: [{ kind: 'dossier', id: note }], events: [aSetting(2)] }))
    expect(await store.versions(officeId, note)).toEqual([])
    expect(await store.putVersion(officeId, note, aVersion(1, { epoch: 2 }))).toBe('raced')
  })

  it('what is known of who wrote comes back with the snapshot, and goes with the next one that has none', async () => {
    const { store, reopen, officeId, note } = await written(3)
    const ledger = new Uint8Array([4, 0, 255])
    await store.compactNote(officeId, note, 1, { seq: 1, bytes: new Uint8Array([1]), vector: new Uint8Array([1]), ledger })
    const again = await reopen()
    expect((await again.note(officeId, note)).snapshot?.ledger).toEqual(ledger)
    await again.compactNote(officeId, note, 1, { seq: 2, bytes: new Uint8Array([1]), vector: new Uint8Array([1]) })
    expect((await again.note(officeId, note)).snapshot?.ledger ?? null).toBeNull()
  })

  it('the grants of a note are those of all its members', async () => {
    const { store, officeId, note } = await written(1)
    const [a, b] = [freshId(), freshId()].toSorted() as [string, string]
    const granted = [
      await store.grantClient(officeId, note, b),
      await store.grantClient(officeId, note, a),
      await store.grantClient(officeId, note, b),
    ]
    expect(await store.grantsOf(officeId, note)).toEqual([
      { client: granted[1], memberId: a },
      { client: granted[0], memberId: b },
      { client: granted[2], memberId: b },
    ])
    expect(await store.grantsOf(officeId, freshId())).toEqual([])
  })
}
