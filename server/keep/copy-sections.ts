import type { Section } from '../store/contents.ts'
import { type Digest, Digesting } from './digest.ts'

/** The sections of a store and of its accounts by name, in the order in which they are copied. */
export type AllSections = Readonly<Record<string, Section<object>>>
export type Digests = Readonly<Record<string, Digest>>

/** Told what is being done, one line at a time. */
export type Say = (line: string) => void

const saidEveryMs = 1_000

/**
 * Copies what is not there yet, section by section. Returns of each section that was copied as a whole what was read; where it was gone
 * on with, null.
 */
export async function copySections(from: AllSections, to: AllSections, say: Say): Promise<Record<string, Digest | null>> {
  const read: Record<string, Digest | null> = {}
  for (const [name, section] of Object.entries(from)) {
    const target = to[name]
    if (!target) throw new Error(`there is no section ${name} to copy into`)
    read[name] = await copySection(name, section, target, say)
  }
  return read
}

async function copySection(name: string, from: Section<object>, to: Section<object>, say: Say): Promise<Digest | null> {
  const last = await to.last()
  const before = last === null ? 0 : await to.count()
  const of = Math.max(await from.count(), before)
  say(`copying ${name}: ${before === 0 ? counted(of) : `going on after ${counted(before)} of ${counted(of)}`}`)
  const digesting = new Digesting()
  let done = before
  let saidAt = performance.now()
  for await (const rows of from.read(last)) {
    digesting.add(rows)
    await to.write(rows)
    done += rows.length
    if (performance.now() - saidAt < saidEveryMs) continue
    say(`copying ${name}: ${counted(done)} of about ${counted(of)}`)
    saidAt = performance.now()
  }
  return last === null ? digesting.end() : null
}

/** Reads sections through. */
export async function digestsOf(sections: AllSections): Promise<Digests> {
  const digests: Record<string, Digest> = {}
  for (const [name, section] of Object.entries(sections)) {
    const digesting = new Digesting()
    for await (const rows of section.read(null)) digesting.add(rows)
    digests[name] = digesting.end()
  }
  return digests
}

/** The names of the sections that are not the same. */
export function differing(a: Digests, b: Digests): string[] {
  return Object.keys(a).filter((name) => a[name]?.count !== b[name]?.count || a[name]?.sha256 !== b[name]?.sha256)
}

function counted(rows: number): string {
  return rows.toLocaleString('en')
}
