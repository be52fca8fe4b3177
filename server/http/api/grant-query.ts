import { z } from 'zod'
import { mostAhead } from '#shared/contracts/copies.ts'

/** What may be asked beside the grants that open texts. */
export const GrantQuery = z.object({
  ahead: z.coerce
    .number<string>()
    .int()
    .min(0)
    .max(mostAhead)
    .default(0)
    .describe('So many client ids more, to write without a connection.'),
})
