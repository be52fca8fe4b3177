import type { Id } from '../contracts/ids.ts'
import type { Language } from '../contracts/language.ts'
import { languages } from '../contracts/language.ts'
import type { Refusal } from '../contracts/refusals.ts'
import type { Stage } from '../contracts/stage.ts'
import { fold } from './fold.ts'

/** The stages as they would be, or why they cannot be so. */
export type Staged = { stages: Stage[] } | { refusal: Refusal }

const noStage: Staged = { refusal: { code: 'notFound', what: 'stage' } }

/** A new stage in front of another (null: behind all). It is not the closing one (S4.9). */
export function withStage(
  stages: readonly Stage[],
  added: Pick<Stage, 'id' | 'names' | 'usualDays'>,
  before: Id | null,
  officeLanguage: Language,
): Staged {
  if (stages.some(({ id }) => id === added.id)) return { refusal: { code: 'idTaken' } }
  const refusal = refuseNames(stages, added, officeLanguage)
  return refusal ? { refusal } : inserted(stages, { ...added, closing: false }, before)
}

/** A stage with other names or usual days; what is left out stays. */
export function withEdited(
  stages: readonly Stage[],
  id: Id,
  wanted: { names?: Stage['names'] | undefined; usualDays?: Stage['usualDays'] | undefined },
  officeLanguage: Language,
): Staged {
  const stage = stages.find((s) => s.id === id)
  if (!stage) return noStage
  const { names = stage.names, usualDays = stage.usualDays } = wanted
  const after: Stage = { ...stage, names, usualDays }
  // names that nobody touches are not judged: the office may have changed its language since
  const refusal = wanted.names ? refuseNames(stages, after, officeLanguage) : null
  return refusal ? { refusal } : { stages: stages.map((s) => (s.id === id ? after : s)) }
}

/** A stage moved in front of another (null: behind all). */
export function withPlaced(stages: readonly Stage[], id: Id, before: Id | null): Staged {
  const stage = stages.find((s) => s.id === id)
  if (!stage) return noStage
  if (before === id) return { stages: [...stages] }
  return inserted(
    stages.filter((s) => s.id !== id),
    stage,
    before,
  )
}

/** S4.9: this one is the closing stage now, the only one. */
export function withClosing(stages: readonly Stage[], id: Id): Staged {
  if (!stages.some((s) => s.id === id)) return noStage
  return { stages: stages.map((s) => (s.closing === (s.id === id) ? s : { ...s, closing: s.id === id })) }
}

/** Without this stage: an office keeps its closing one, and at least one other. */
export function withoutStage(stages: readonly Stage[], id: Id): Staged {
  const stage = stages.find((s) => s.id === id)
  if (!stage) return noStage
  if (stage.closing) return { refusal: { code: 'closingStage' } }
  const left = stages.filter((s) => s.id !== id)
  return left.some((s) => !s.closing) ? { stages: left } : { refusal: { code: 'lastStage' } }
}

/** Which stage follows this one; null: it is the last. To be given as `before`. */
export function followerOf(stages: readonly Stage[], id: Id): Id | null {
  return stages[stages.findIndex((s) => s.id === id) + 1]?.id ?? null
}

function inserted(stages: readonly Stage[], stage: Stage, before: Id | null): Staged {
  const at = before === null ? stages.length : stages.findIndex((s) => s.id === before)
  return at < 0 ? noStage : { stages: stages.toSpliced(at, 0, stage) }
}

/** Named in at least the office's language, and in each language like no other stage. */
function refuseNames(stages: readonly Stage[], { id, names }: Pick<Stage, 'id' | 'names'>, officeLanguage: Language): Refusal | null {
  return names[officeLanguage] === undefined ? { code: 'nameMissing', language: officeLanguage } : refuseDouble(stages, { id, names })
}

function refuseDouble(stages: readonly Stage[], { id, names }: Pick<Stage, 'id' | 'names'>): Refusal | null {
  for (const language of languages) {
    const name = names[language]
    if (name === undefined) continue
    const isTaken = stages.some((s) => s.id !== id && s.names[language] !== undefined && fold(s.names[language]) === fold(name))
    if (isTaken) return { code: 'stageNameTaken', language, name }
  }
  return null
}

/** S4.9: what no office's stages may be: without one closing stage and another before it, or two of the same name. */
export function refuseStages(stages: readonly Stage[]): Refusal | null {
  const closing = stages.filter((s) => s.closing).length
  if (closing !== 1) return { code: 'closingStage' }
  if (stages.length === closing) return { code: 'lastStage' }
  return stages.reduce<Refusal | null>((refusal, stage) => refusal ?? refuseDouble(stages, stage), null)
}

/**
 * The stages without what one change did to them, what others did meanwhile kept; null when the very same has been changed since:
 * another name or number of days, the order of the same stages, or which one closes.
 */
export function withoutChange(
  now: readonly Stage[],
  [before, after]: readonly [before: readonly Stage[], after: readonly Stage[]],
): Stage[] | null {
  const was = byId(before)
  const became = byId(after)
  const added = after.filter(({ id }) => !was.has(id))
  const removed = before.filter(({ id }) => !became.has(id))
  const present = byId(now)
  if (added.some((s) => !same(present.get(s.id), s)) || removed.some(({ id }) => present.has(id))) return null
  const back: Stage[] = []
  for (const stage of now) {
    const [old, made] = [was.get(stage.id), became.get(stage.id)]
    if (made && !old) continue
    const reverted = old && made ? revertFields(stage, old, made) : stage
    if (!reverted) return null
    back.push(reverted)
  }
  const ordered = revertOrder(back, before, after)
  return ordered && removed.reduce<Stage[]>((stages, stage) => reinserted(stages, stage, before), ordered)
}

function revertFields(now: Stage, old: Stage, made: Stage): Stage | null {
  const stage = { ...now }
  for (const field of ['names', 'closing', 'usualDays'] as const) {
    if (same(old[field], made[field])) continue
    if (!same(now[field], made[field])) return null
    Object.assign(stage, { [field]: old[field] })
  }
  return stage
}

/** Puts the stages that the change had brought into another order back into the one before. */
function revertOrder(stages: Stage[], before: readonly Stage[], after: readonly Stage[]): Stage[] | null {
  const here = new Set(stages.map(({ id }) => id))
  const idsOf = (some: readonly Stage[], other: readonly Stage[]) => {
    const known = new Set(other.map(({ id }) => id))
    return some.flatMap(({ id }) => (known.has(id) && here.has(id) ? [id] : []))
  }
  const [old, made] = [idsOf(before, after), idsOf(after, before)]
  if (same(old, made)) return stages
  const known = new Set(made)
  const places = stages.flatMap((s, place) => (known.has(s.id) ? [place] : []))
  if (
    !same(
      places.map((place) => stages[place]?.id),
      made,
    )
  )
    return null
  const present = byId(stages)
  const back = [...stages]
  places.forEach((place, i) => {
    const stage = present.get(old[i] ?? '')
    if (stage) back[place] = stage
  })
  return back
}

/** Back in front of the first of its followers that is still there. */
function reinserted(stages: Stage[], stage: Stage, before: readonly Stage[]): Stage[] {
  const followers = before.slice(before.findIndex((s) => s.id === stage.id) + 1)
  const at = followers.map(({ id }) => stages.findIndex((s) => s.id === id)).find((place) => place >= 0)
  return stages.toSpliced(at ?? stages.length, 0, stage)
}

function byId(stages: readonly Stage[]): Map<Id, Stage> {
  return new Map(stages.map((stage) => [stage.id, stage]))
}

/** Equal as data, whatever the order of their keys. */
function same(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b)
}

function canonical(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return Array.isArray(value) ? `[${value.map(canonical).join()}]` : JSON.stringify(value)
  }
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, one]) => `${key}:${canonical(one)}`).join()}}`
}
