import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { noteField } from '#shared/contracts/notes-wire.ts'
import { createLog } from '../../server/log.ts'
import { type RunningServer, startServer } from '../../server/start.ts'
import { runEntry } from '../harness/command-line.ts'
import { startSampleOffice, testConfig, type TestOffice } from '../harness/office.ts'
import { openTypist, type, type Typist, untilSaved } from '../harness/typist.ts'

let office: TestOffice
let folder: string
let restored: RunningServer

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codossier-restored-'))
  office = await startSampleOffice(['adviser'])
})
afterAll(async () => {
  await restored?.close()
  await rm(office.dataDir, { recursive: true, force: true })
  await rm(folder, { recursive: true, force: true })
})

const textOf = ({ session }: Typist) => session.doc?.getXmlFragment(noteField).toString()

it('a browser that was open when a backup was restored is told to load the note again, and brings nothing back', async () => {
  const member = await office.signIn('adviser')
  const screen = await member.open()
  const [row] = [...screen.workspace.rows.values()].filter((r) => r.status === 'client')
  screen.close()
  const typist = await openTypist(member, row!.id)
  type(typist, () => 0)
  await untilSaved([typist])
  const kept = textOf(typist)
  const file = join(folder, 'office.tar.gz')
  expect((await runEntry('backup', [file], office.dataDir)).code).toBe(0)
  for (let i = 0; i < 5; i++) type(typist, () => 0)
  await untilSaved([typist])

  const { port } = office.server
  await office.server.close()
  expect((await runEntry('restore', [file, '--replace'], office.dataDir)).code).toBe(0)
  const log = createLog('error')
  restored = await startServer({ config: { ...testConfig(office.dataDir), port }, log, clientDir: null })
  await expect.poll(() => typist.session.status.state, { timeout: 20_000 }).toBe('reload')
  const fresh = await openTypist(member, row!.id)
  expect(textOf(fresh)).toBe(kept)
  type(fresh, () => 0)
  await untilSaved([fresh])
  typist.session.destroy()
  fresh.session.destroy()
})
