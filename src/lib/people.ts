import type { Id } from '#shared/contracts/ids.ts'
import type { Member } from '#shared/contracts/member.ts'
import type { Frame } from '#shared/contracts/office.ts'
import type { Owner } from '#shared/contracts/owner.ts'
import { stageName } from '#shared/domain/pipeline.ts'
import { m } from '$paraglide/messages.js'
import { getLocale } from '$paraglide/runtime.js'

/** How somebody is drawn. Colour -1: nobody. */
export interface FaceOf {
  name: string
  colour: number
}

interface Lookup {
  language: string
  members: Map<Id, Member>
  owners: Map<Id, Owner>
  stages: Map<Id, string>
  divisions: Map<Id, string>
}

/** Frames are replaced, never mutated, so each is indexed once a language. */
const lookups = new WeakMap<Frame, Lookup>()

function lookup(frame: Frame): Lookup {
  const language = getLocale()
  const known = lookups.get(frame)
  if (known?.language === language) return known
  const made: Lookup = {
    language,
    members: new Map(frame.members.map((member) => [member.id, member])),
    owners: new Map(frame.owners.map((owner) => [owner.id, owner])),
    stages: new Map(frame.stages.map((stage) => [stage.id, stageName(stage, language, frame.office.language)])),
    divisions: new Map(frame.divisions.map((division) => [division.id, division.name])),
  }
  lookups.set(frame, made)
  return made
}

/** An owner's name, or "Unowned" where there is none. */
export function ownerLabel(frame: Frame, ownerId: Id | null): string {
  return (ownerId !== null && lookup(frame).owners.get(ownerId)?.name) || m.common_unowned()
}

export function memberOf(frame: Frame, memberId: Id | null): Member | undefined {
  return memberId === null ? undefined : lookup(frame).members.get(memberId)
}

/** A member's name; "Somebody" where none is known under this id. */
export function memberName(frame: Frame, memberId: Id | null): string {
  return memberOf(frame, memberId)?.name ?? m.dossier_somebody()
}

/** The face of an owner: the linked member's colour; a manual entry has one of its own. */
export function faceOf(frame: Frame, ownerId: Id | null): FaceOf {
  const owner = ownerId === null ? undefined : lookup(frame).owners.get(ownerId)
  if (!owner) return { name: m.common_unowned(), colour: -1 }
  return { name: owner.name, colour: memberOf(frame, owner.memberId)?.colour ?? colourOf(owner.id) }
}

/** A stage's name in the member's language. */
export function stageLabel(frame: Frame, stageId: Id): string {
  return lookup(frame).stages.get(stageId) ?? ''
}

/** A division's name; "No division" where none is set. */
export function divisionLabel(frame: Frame, divisionId: Id | null): string {
  return (divisionId !== null && lookup(frame).divisions.get(divisionId)) || m.common_no_division()
}

/** The letters in a face: first of the first and of the last word. */
export function initials(name: string): string {
  const words = name.split(/[\s-]+/).filter(Boolean)
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => word?.match(/\p{L}/u)?.[0] ?? '')
  return letters.join('').toUpperCase()
}

function colourOf(id: Id): number {
  let sum = 0
  for (const letter of id) sum = (sum + letter.charCodeAt(0)) % 6
  return sum
}
