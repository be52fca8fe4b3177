import { z } from 'zod'
import { Id } from './ids.ts'

/** Takes back what one command did (L4): refused, naming who, when one of its fields has been changed since. */
export const UndoChange = z.strictObject({
  type: z.literal('change.undo'),
  commandId: Id,
  /** Whose command it was; absent: one's own. */
  memberId: Id.optional(),
})
export type UndoChange = z.infer<typeof UndoChange>
