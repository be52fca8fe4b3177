import type { FailoverResult, Trouble } from './failover-storm.ts'

/** Within how long writes are to go on after each trouble, in milliseconds; where a node is killed, its members on the other one as well. */
const goalsMs: Record<Exclude<Trouble, 'stallNode'>, number> = {
  kill: 5_000,
  stepDown: 5_000,
  partition: 15_000,
  freeze: 15_000,
  killNode: 5_000,
}

/** The longest wait after a trouble, in milliseconds, beside what is asked for. */
export interface Wait {
  metric: string
  longestMs: number
  goalMs: number
  isLong: boolean
}

/** What was waited after each trouble that there was; `allow`: so many times the goal is not long yet. */
export function waitsOf({ resumedMs, movedMs }: Pick<FailoverResult, 'resumedMs' | 'movedMs'>, allow = 1): Wait[] {
  const wait = (metric: string, longestMs: number, goalMs: number): Wait => ({
    ...{ metric, longestMs, goalMs },
    isLong: longestMs > goalMs * allow,
  })
  const asked = Object.entries(goalsMs) as [keyof typeof goalsMs, number][]
  const resumed = asked.flatMap(([trouble, goalMs]) => {
    const spread = resumedMs[trouble]
    return spread ? [wait(`failover.${trouble}`, spread.longest, goalMs)] : []
  })
  return resumedMs.killNode ? [...resumed, wait('failover.moved', movedMs.longest, goalsMs.killNode)] : resumed
}
