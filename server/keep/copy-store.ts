import { copySections, type Digests, differing, digestsOf, type Say } from './copy-sections.ts'
import type { Digest } from './digest.ts'
import { openFolderSource, openFolderTarget } from './folder-place.ts'
import { KeepError } from './manifest.ts'
import { nameOf, type Place, type Source, type Target, type TargetOptions } from './place.ts'

export interface CopyOptions {
  from: Place
  to: Place
  /** Throw an unfinished copy away, and begin from the first. */
  anew: boolean
  say: Say
}

/**
 * Copies a store with its accounts to an empty place, or goes on with a copy that was broken off. Returns what it holds, by sections; both
 * sides were read and are the same. Throws a `KeepError` that says what is in the way; nothing of anybody's was touched then.
 */
export async function copyStore({ from, to, anew, say }: CopyOptions): Promise<Digests> {
  if (nameOf(from) === nameOf(to)) throw new KeepError(`${nameOf(from)} cannot be copied into itself.`)
  const source = await openSource(from)
  try {
    const target = await openTarget(to, { secret: source.secret, anew })
    try {
      if (target.isBegun) say('going on with an unfinished copy')
      return await copyInto(source, target, say)
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

async function copyInto(source: Source, target: Target, say: Say): Promise<Digests> {
  const read = await copySections(source.sections, target.sections, say)
  say('comparing both')
  const expected = await expectedOf(source, read)
  const copied = await digestsOf(target.sections)
  const wrong = differing(expected, copied)
  if (wrong.length > 0) {
    const what = `The copy is not what its source is now, in ${wrong.join(', ')}`
    throw new KeepError(`${what}: was the source written to meanwhile? With --anew it is begun from the first.`)
  }
  await target.finish()
  return copied
}

/** What the copy must hold: of a source that nobody can change, what was read of it needs no second look. */
async function expectedOf({ sections, isStill }: Source, read: Record<string, Digest | null>): Promise<Digests> {
  const known = Object.entries(read).flatMap(([name, digest]) => (isStill && digest ? [[name, digest] as const] : []))
  const isKnown = new Set(known.map(([name]) => name))
  const others = Object.entries(sections).filter(([name]) => !isKnown.has(name))
  return { ...Object.fromEntries(known), ...(await digestsOf(Object.fromEntries(others))) }
}

async function openSource(place: Place): Promise<Source> {
  if ('dataDir' in place) return openFolderSource(place.dataDir)
  return (await import('./database-place.ts')).openDatabaseSource(place.mongodbUri)
}

async function openTarget(place: Place, options: TargetOptions): Promise<Target> {
  if ('dataDir' in place) return openFolderTarget(place.dataDir, options)
  return (await import('./database-place.ts')).openDatabaseTarget(place.mongodbUri, options)
}
