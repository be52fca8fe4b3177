import { z } from 'zod'
import { Id } from '#shared/contracts/ids.ts'
import { LinkCode } from '#shared/contracts/link.ts'

/** What stands behind the `#` of a link. */
export interface OpenedLink {
  officeId: Id
  code: string
}

const Opened = z.object({ officeId: Id, code: LinkCode })

/** Office and code of a link's fragment; null where it is none, or cut off on the way. */
export function linkOf(hash: string): OpenedLink | null {
  const [officeId, code, ...more] = hash.replace(/^#/, '').split('.')
  const opened = Opened.safeParse({ officeId, code })
  return opened.success && more.length === 0 ? opened.data : null
}
