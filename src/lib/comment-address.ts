import { Id } from '#shared/contracts/ids.ts'

/** The page of a dossier, at one of its comments. */
export function commentAddress(dossierId: Id, commentId: Id): string {
  return `/dossiers/${dossierId}#comment=${commentId}`
}

/** The comment that an address's fragment asks for; null: none. */
export function wantedComment(fragment: string): Id | null {
  const asked = Id.safeParse(new URLSearchParams(fragment.replace(/^#/, '')).get('comment'))
  return asked.success ? asked.data : null
}
