import type { Client } from '#shared/contracts/client.ts'
import type { Division } from '#shared/contracts/division.ts'
import type { Frame } from '#shared/contracts/office.ts'
import type { Owner } from '#shared/contracts/owner.ts'
import type { Stage } from '#shared/contracts/stage.ts'
import { mayOwnIn, ownEntry } from '#shared/domain/ownership.ts'
import { keyOf } from './cells.ts'
import type { CellFault } from './fault.ts'
import type { CsvRow } from './read-csv.ts'

/** What clients and dossiers refer to by name: the office as it will be once the members are in. */
export interface Lookup {
  frame: Frame
  divisions: ReadonlyMap<string, Division>
  /** By address; null: a member without an entry of the directory. */
  owners: ReadonlyMap<string, Owner | null>
  /** By the names in every language. */
  stages: ReadonlyMap<string, Stage>
  unjudged: ReadonlySet<string>
}

/** A client as dossiers need it. */
export type NamedClient = Pick<Client, 'id' | 'firstName' | 'lastName' | 'partner'>

export function lookupOf(frame: Frame, unjudged: ReadonlySet<string>): Lookup {
  const stageNames = frame.stages.flatMap((stage) => Object.values(stage.names).map((name): [string, Stage] => [keyOf(name), stage]))
  return {
    frame,
    divisions: new Map(frame.divisions.map((d) => [keyOf(d.name), d])),
    owners: new Map(frame.members.map((m) => [keyOf(m.email), ownEntry(frame, m.id)])),
    // the first stage of a name wins
    stages: new Map(stageNames.toReversed()),
    unjudged,
  }
}

/** Owner and division of a client or dossier: both known, and S0.3: the owner is in the division. Either may be empty. */
export function ownerFaults(lookup: Lookup, cells: CsvRow['cells']): CellFault[] {
  const email = keyOf(cells.owner_email)
  const division = lookup.divisions.get(keyOf(cells.division)) ?? null
  const divisionFaults: CellFault[] = division || !keyOf(cells.division) ? [] : [{ column: 'division', reason: 'unknownDivision' }]
  if (!email || lookup.unjudged.has(email)) return divisionFaults
  const owner = lookup.owners.get(email)
  if (owner === undefined) return [...divisionFaults, { column: 'owner_email', reason: 'unknownOwner' }]
  if (owner === null) return [...divisionFaults, { column: 'owner_email', reason: 'notInDirectory' }]
  if (mayOwnIn(lookup.frame, owner, division?.id ?? null)) return divisionFaults
  return [{ column: 'owner_email', reason: 'ownerNotInDivision' }]
}
