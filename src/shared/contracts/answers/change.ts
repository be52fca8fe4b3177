import { z } from 'zod'

/** Fields that changed, each with its value before and after. */
export function changesOf(fields: Record<string, z.ZodType>) {
  return z.strictObject(Object.fromEntries(Object.entries(fields).map(([field, schema]) => [field, z.tuple([schema, schema]).optional()])))
}
