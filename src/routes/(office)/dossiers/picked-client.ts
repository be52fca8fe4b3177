import type { CreateDossier } from '#shared/contracts/dossier.ts'
import type { Id } from '#shared/contracts/ids.ts'

/** The list's last option: the name as it was typed. No id has a space in it. */
export const newClientValue = 'new client'

/** What the picker was answered with: somebody who is there, or a name to begin with. */
export type PickedClient = { kind: 'known'; id: Id } | { kind: 'new'; name: string }

/** The client as the command wants it. A typed name is parted after its first word; a single word is a last name. */
export function clientOf(picked: PickedClient, newId: () => Id): CreateDossier['client'] {
  if (picked.kind === 'known') return { id: picked.id }
  const [first = '', ...rest] = picked.name.trim().split(/\s+/)
  const [firstName, lastName] = rest.length > 0 ? [first, rest.join(' ')] : ['', first]
  return { id: newId(), new: { firstName, lastName } }
}
