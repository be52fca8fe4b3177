import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from 'idb'
import type { Id } from '#shared/contracts/ids.ts'
import type { Sealed } from './sealing.ts'

/** The key of this browser's copy of one dossier. It cannot be read out, by us neither. */
export interface HeldKey {
  dossierId: Id
  officeId: Id
  memberId: Id
  /** The server's name for it. */
  id: Id
  key: CryptoKey
  /** When it was asked for last. */
  at: number
}

/** Where a text stood when the server spoke of it last. */
export interface TextHead {
  text: string
  dossierId: Id
  epoch: number
  mayWrite: boolean
}

/**
 * - `known`: the server has it
 * - `waiting`: typed here, and not known to be stored by the server
 * - `stranded`: typed here, and never to be sent: it can be copied out
 */
export type UpdateState = 'known' | 'waiting' | 'stranded'

/** Some updates of a text in one. */
export interface KeptUpdate {
  id?: number
  text: string
  dossierId: Id
  epoch: number
  state: UpdateState
  sealed: Sealed
}

/** `page`: the page's answer and the office's frame; `comments`: the records of its comments. Each as JSON. */
export type PagePart = 'page' | 'comments'

/** The rest of what a dossier's page needs, beside its texts. */
export interface KeptPage {
  dossierId: Id
  part: PagePart
  sealed: Sealed
}

export interface CopiesSchema extends DBSchema {
  self: { key: string; value: Id }
  keys: { key: Id; value: HeldKey }
  texts: { key: string; value: TextHead; indexes: { byDossier: Id } }
  updates: { key: number; value: KeptUpdate; indexes: { byText: string; byDossier: Id; byState: UpdateState } }
  /** Client ids that the server gave ahead; each is deleted before the document that writes under it is made. */
  clientIds: { key: [string, number]; value: { text: string; dossierId: Id; clientId: number }; indexes: { byText: string; byDossier: Id } }
  pages: { key: [Id, PagePart]; value: KeptPage; indexes: { byDossier: Id } }
}
export type CopiesDb = IDBPDatabase<CopiesSchema>

const format = 1

/** Opens the browser's store of copies; rejects where the browser has none. */
export async function openCopiesDb(name: string): Promise<CopiesDb> {
  return openDB<CopiesSchema>(name, format, {
    upgrade(db) {
      db.createObjectStore('self')
      db.createObjectStore('keys', { keyPath: 'dossierId' })
      db.createObjectStore('pages', { keyPath: ['dossierId', 'part'] }).createIndex('byDossier', 'dossierId')
      db.createObjectStore('texts', { keyPath: 'text' }).createIndex('byDossier', 'dossierId')
      const updates = db.createObjectStore('updates', { keyPath: 'id', autoIncrement: true })
      updates.createIndex('byText', 'text')
      updates.createIndex('byDossier', 'dossierId')
      updates.createIndex('byState', 'state')
      const clientIds = db.createObjectStore('clientIds', { keyPath: ['text', 'clientId'] })
      clientIds.createIndex('byText', 'text')
      clientIds.createIndex('byDossier', 'dossierId')
    },
    // another tab erases everything: it must not wait for this one
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  })
}

export async function deleteCopiesDb(name: string): Promise<void> {
  await deleteDB(name)
}
