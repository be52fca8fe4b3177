import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openDatabase } from '../../server/store/sqlite/database.ts'
import { makeRoom } from '../../server/store/sqlite/log-room.ts'

const roomBytes = 1024 * 1024
let folder: string
let path: string
let db: DatabaseSync

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'codossier-log-'))
  path = join(folder, 'office.db')
  db = openDatabase(path, { readOnly: false })
  db.exec('CREATE TABLE t (n INTEGER PRIMARY KEY) STRICT')
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true })
})

const logLength = () => statSync(`${path}-wal`).size
const commit = (n: number) => db.prepare('INSERT INTO t (n) VALUES (?)').run(n)
const held = (from: DatabaseSync) =>
  from
    .prepare('SELECT n FROM t ORDER BY n')
    .all()
    .map(({ n }) => Number(n))

it('a log with room does not grow with what is committed, and a crash loses none of it', () => {
  commit(1)
  while (makeRoom(db, path, roomBytes)) commit(held(db).length + 1)
  const length = logLength()
  expect(length).toBeGreaterThanOrEqual(roomBytes)
  const many = held(db).length + 50
  while (held(db).length < many) commit(held(db).length + 1)
  expect(logLength()).toBe(length)
  // what a crash leaves: the files as they are, and nobody who closed them
  const after = join(folder, 'after.db')
  for (const end of ['', '-wal']) copyFileSync(path + end, after + end)
  const found = openDatabase(after, { readOnly: false })
  expect(held(found)).toEqual(Array.from({ length: many }, (_, index) => index + 1))
  found.close()
})

it('what another connection has begun to write is never overwritten: room is made before or after', () => {
  const other = openDatabase(path, { readOnly: false })
  other.exec('BEGIN IMMEDIATE; INSERT INTO t (n) VALUES (7)')
  db.exec('PRAGMA busy_timeout = 1')
  const before = logLength()
  expect(() => makeRoom(db, path, roomBytes)).toThrow('locked')
  expect(logLength()).toBe(before)
  other.exec('COMMIT')
  makeRoom(db, path, roomBytes)
  expect(logLength()).toBeGreaterThan(before)
  expect(held(other)).toEqual([7])
  other.close()
})

it('a log that is long enough stays as it is', () => {
  while (makeRoom(db, path, roomBytes));
  const length = logLength()
  expect(makeRoom(db, path, roomBytes)).toBe(false)
  expect(logLength()).toBe(length)
})
