import { describe, onTestFinished } from 'vitest'
import type { Store } from '../../server/store/store.ts'
import { bulkContract } from './contract/bulk.ts'
import { commentContract } from './contract/comments.ts'
import { commitContract } from './contract/commits.ts'
import { concurrencyContract } from './contract/concurrency.ts'
import { copyKeyContract } from './contract/copy-keys.ts'
import { isolationContract } from './contract/isolation.ts'
import { listContract } from './contract/lists.ts'
import { logContract } from './contract/log.ts'
import { noteVersionContract } from './contract/note-versions.ts'
import { noteContract } from './contract/notes.ts'
import { recordContract } from './contract/records.ts'
import { searchContract } from './contract/search.ts'
import { uploadContract } from './contract/uploads.ts'

/** An empty store, made for one test. */
export interface Made {
  store: Store
  /** Closes the store and opens the same data again. */
  reopen(): Promise<Store>
  /** A second look at the same data that only reads. */
  reader(): Promise<Store>
  /** Closes everything that was opened and removes the data. */
  dispose(): Promise<void>
}
/** Makes an empty store that goes away when the test ends. */
export type Make = () => Promise<Made>

/** What every adapter of the storage port must do, written once. `make` gives an empty store on each call. */
export function storeContract(name: string, make: Make): void {
  const forOneTest: Make = async () => {
    const made = await make()
    onTestFinished(made.dispose)
    return made
  }
  describe(`${name} keeps the contract of the store`, () => {
    describe('commits', () => commitContract(forOneTest))
    describe('large commits', () => bulkContract(forOneTest))
    describe('commits at the same time', () => concurrencyContract(forOneTest))
    describe('records', () => recordContract(forOneTest))
    describe('events and answers', () => logContract(forOneTest))
    describe('lists and counts', () => listContract(forOneTest))
    describe('search', () => searchContract(forOneTest))
    describe('notes', () => noteContract(forOneTest))
    describe('versions of notes', () => noteVersionContract(forOneTest))
    describe('comments', () => commentContract(forOneTest))
    describe('keys of copies', () => copyKeyContract(forOneTest))
    describe('files on their way in', () => uploadContract(forOneTest))
    describe('offices', () => isolationContract(forOneTest))
  })
}
