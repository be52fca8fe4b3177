import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Db } from 'mongodb'
import { expect, it, onTestFinished, vi } from 'vitest'
import { connect, MongoUnfit, requireVersion } from '../../server/store/mongo/connect.ts'
import { findMongo, withAdmin } from '../../server/store/replica-set.ts'
import { describeWithMongo, startMember } from '../harness/replica-set.ts'

// two servers share the machine with whatever else runs on it
vi.setConfig({ testTimeout: 120_000 })

describeWithMongo('a connection to MongoDB', () => {
  it.each([
    ['5.0.21', false],
    ['4.4', false],
    ['6.0.0', true],
    ['8.2.1', true],
  ])('MongoDB %s is accepted: %s', (version, accepted) => {
    if (accepted) expect(() => requireVersion(version)).not.toThrow()
    else expect(() => requireVersion(version)).toThrow(MongoUnfit)
  })

  it('a server that is no replica set is refused, saying how to make it one; so is one that is too old, and one where nobody answers', async ({
    skip,
  }) => {
    const server = findMongo(process.env)
    if (!server || 'uri' in server) return skip('there is no program to start')
    const folder = mkdtempSync(join(tmpdir(), 'codossier-mongo-'))
    const alone = await startMember(server.program, join(folder, 'alone'), [], null)
    const fresh = await startMember(server.program, join(folder, 'fresh'))
    onTestFinished(async () => {
      vi.restoreAllMocks()
      const gone = [alone, fresh].map(({ process }) => once(process, 'exit'))
      for (const { process } of [alone, fresh]) process.kill('SIGKILL')
      await Promise.all(gone)
      rmSync(folder, { recursive: true, force: true })
    })
    for (const { address } of [alone, fresh]) await withAdmin(`mongodb://${address}/?directConnection=true`, { ping: 1 })
    const waitMs = 1_000
    await expect(connect(`mongodb://${alone.address}/x`, { waitMs })).rejects.toThrow(
      'not a replica set, which transactions need: start it with --replSet',
    )
    await expect(connect(`mongodb://${alone.address}/x?replicaSet=rs0`, { waitMs })).rejects.toThrow('start it with --replSet')
    await expect(connect(`mongodb://${fresh.address}/x?replicaSet=rs0`, { waitMs })).rejects.toThrow('rs.initiate()')
    vi.spyOn(Db.prototype, 'command').mockResolvedValueOnce({ version: '5.0.31' })
    await expect(connect(`mongodb://${alone.address}/x`, { waitMs })).rejects.toThrow('MongoDB 5.0.31 is too old')
    await expect(connect('mongodb://127.0.0.1:1/x?replicaSet=rs0', { waitMs })).rejects.toThrow(
      /No MongoDB server takes writes.*127\.0\.0\.1:1/,
    )
  })
})
