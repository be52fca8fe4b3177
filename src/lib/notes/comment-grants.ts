import { type CommentGrant, CommentGrantsAnswer } from '#shared/contracts/answers/comment.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { type AskForGrant, postForGrant } from './fetch-grant.ts'

/**
 * The grants of all authors' documents on a dossier, with so many client ids ahead for one's own; none where that is refused for good.
 * Throws as `AskForGrant` does.
 */
export async function fetchCommentGrants(dossierId: Id, ahead: number, signal?: AbortSignal): Promise<CommentGrant[]> {
  const answer = await postForGrant(`/api/v1/dossiers/${dossierId}/comments/grants?ahead=${ahead}`, fetch, signal)
  return answer === null ? [] : CommentGrantsAnswer.parse(answer).grants
}

/** The grant of one author's document alone. */
export function grantOfComments(dossierId: Id, authorId: Id): AskForGrant {
  return async (signal, ahead) => {
    const grants = await fetchCommentGrants(dossierId, ahead, signal)
    return grants.find((grant) => grant.authorId === authorId) ?? null
  }
}
