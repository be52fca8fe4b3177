import { expect, it } from 'vitest'
import type { DossierRow } from '#shared/contracts/dossier.ts'
import { frameOf, member } from '#shared/domain/small-office.fixture.ts'
import { whoMoves } from './who-moves.ts'

const row = (divisionId: string | null, ownerId: string | null) =>
  ({ divisionId, ownerId, readerIds: [] as string[] }) as unknown as DossierRow

it('counts the active members who do not see everything by themselves, admins never', () => {
  const frame = frameOf(
    member('ada', 'admin', []),
    member('nora', 'adviser', ['north']),
    member('sten', 'adviser', ['south']),
    member('gone', 'viewer', [], 'deactivated'),
  )
  expect(whoMoves(frame, [row('north', null)])).toBe(1)
  expect(whoMoves(frame, [row('north', null), row(null, 'owner-sten')])).toBe(2)
  expect(whoMoves(frame, [])).toBe(0)
})
