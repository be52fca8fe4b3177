import { z } from 'zod'
import { Id } from '#shared/contracts/ids.ts'
import { CheckImport, dateOrders } from '#shared/contracts/import-job.ts'

/** Which import this tab was in the middle of, so that it is found again after a reload. */
const KeptJob = z.object({
  id: Id,
  mapping: CheckImport.shape.mapping,
  dates: z.enum(dateOrders),
})
export type KeptJob = z.infer<typeof KeptJob>

const place = 'import'

export function keepJob(job: KeptJob): void {
  sessionStorage.setItem(place, JSON.stringify(job))
}

/** Null: none, or what is kept is not of this form any more. */
export function keptJob(): KeptJob | null {
  try {
    return KeptJob.safeParse(JSON.parse(sessionStorage.getItem(place) ?? 'null')).data ?? null
  } catch {
    return null
  }
}

export function forgetJob(): void {
  sessionStorage.removeItem(place)
}
