import { resolve } from 'node:path'
import type { AllSections } from './copy-sections.ts'

/** Where a store lies with its accounts: in a folder, or in a database that nodes share. */
export type Place = { dataDir: string } | { mongodbUri: string }

/** A place out of `sqlite:FOLDER` or a connection string of MongoDB; null: it is neither. */
export function placeOf(text: string): Place | null {
  if (/^mongodb(\+srv)?:\/\/./.test(text)) return { mongodbUri: text }
  const folder = /^sqlite:(.+)$/.exec(text)?.[1]
  return folder ? { dataDir: resolve(folder) } : null
}

/** Where a server has its store. */
export function placeIn({ dataDir, mongodbUri }: { dataDir: string; mongodbUri: string | null }): Place {
  return mongodbUri === null ? { dataDir } : { mongodbUri }
}

/** A place as it is told to people: without a password. */
export function nameOf(place: Place): string {
  return 'dataDir' in place ? place.dataDir : place.mongodbUri.replace(/\/\/[^@/]*@/, '//…@').replace(/\?.*$/, '')
}

/** A whole store with its accounts, open to be read. */
export interface Source {
  /** Signs cookies; no other store has the same. */
  secret: string
  sections: AllSections
  /** Nothing can change while it is open. */
  isStill: boolean
  close(): Promise<void>
}

/** A whole store with its accounts that is being written. */
export interface Target {
  /** An unfinished copy is gone on with. */
  isBegun: boolean
  sections: AllSections
  /** Everything is there: from now on a server may open it. */
  finish(): Promise<void>
  /** Leaves it as it is: finished, or to be gone on with. */
  close(): Promise<void>
}

export interface TargetOptions {
  /** Of what it is to be a copy. */
  secret: string
  /** Throw an unfinished copy away, and begin from the first. */
  anew: boolean
}
