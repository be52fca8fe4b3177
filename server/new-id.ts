import { randomFillSync } from 'node:crypto'
import type { Id } from '#shared/contracts/ids.ts'
import { newId as fromRandom } from '#shared/contracts/ids.ts'

/** A new id out of the system's randomness. */
export function newId(): Id {
  return fromRandom((bytes) => randomFillSync(bytes))
}
