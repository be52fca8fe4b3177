import type { DossierRow } from '#shared/contracts/dossier.ts'
import type { Id, Instant } from '#shared/contracts/ids.ts'
import type { Frame } from '#shared/contracts/office.ts'
import type { Actor } from '#shared/domain/access.ts'
import { daysInStage, isOpen, pace } from '#shared/domain/pipeline.ts'

/** An open dossier that wants the member, and since when it stands where it is. */
export interface Waiting {
  row: DossierRow
  days: number
  pace: 'usual' | 'late' | 'stuck'
  /** The usual days of its stage. */
  usualDays: number | null
}

/** What waits for a member, the longest in its stage first. */
export interface WaitingFor {
  /** S1.7: of nobody, for the managers of its division, else for the admins. */
  unowned: Waiting[]
  mine: Waiting[]
}

export function waitingFor(frame: Frame, me: Actor, rows: readonly DossierRow[], now: Instant): WaitingFor {
  const usual = new Map(frame.stages.map((stage) => [stage.id, stage]))
  const managed = managedDivisions(frame)
  const [unowned, mine]: [Waiting[], Waiting[]] = [[], []]
  for (const row of rows) {
    if (!isOpen(row.status)) continue
    const list =
      row.ownerId === null ? (isForMe(me, managed, row.divisionId) ? unowned : null) : me.ownerIds.includes(row.ownerId) ? mine : null
    if (!list) continue
    const days = daysInStage(row.stageSince, now)
    const stage = usual.get(row.stageId)
    list.push({ row, days, pace: stage ? pace(stage, days) : 'usual', usualDays: stage?.usualDays ?? null })
  }
  const longestFirst = (a: Waiting, b: Waiting) => a.row.stageSince - b.row.stageSince || (a.row.number < b.row.number ? -1 : 1)
  return { unowned: unowned.sort(longestFirst), mine: mine.sort(longestFirst) }
}

/** How many of these want something done: past their stage's usual time, or nobody's. */
export function countOf({ unowned, mine }: WaitingFor): number {
  return unowned.length + mine.filter((one) => one.pace !== 'usual').length
}

/** Divisions that have somebody who manages them. */
function managedDivisions(frame: Frame): ReadonlySet<Id> {
  return new Set(frame.members.flatMap((m) => (m.role === 'manager' && m.state === 'active' ? m.divisionIds : [])))
}

function isForMe(me: Actor, managed: ReadonlySet<Id>, divisionId: Id | null): boolean {
  if (divisionId !== null && managed.has(divisionId)) return me.role === 'manager' && me.divisionIds.includes(divisionId)
  return me.role === 'admin'
}
