import type { Refusal } from '#shared/contracts/refusals.ts'

/** A refusal as an answer by HTTP: what is not of the form, or not allowed by a rule, is 422 unless another number says more. */
export function refusalResponse(refusal: Refusal): Response {
  const headers = { 'cache-control': 'no-store', ...(refusal.code === 'tooOften' && { 'retry-after': String(refusal.seconds) }) }
  return Response.json({ refusal }, { status: statusOf(refusal), headers })
}

function statusOf(refusal: Refusal): number {
  switch (refusal.code) {
    case 'notFound':
    case 'importGone':
      return 404
    case 'forbidden':
      return 403
    case 'link':
      return refusal.state === 'unknown' ? 404 : 410
    case 'addressTaken':
    case 'changedMeanwhile':
    case 'commandIdReused':
    case 'idTaken':
    case 'undoNotPossible':
    case 'changedSince':
    case 'importsBusy':
      return 409
    case 'tooOften':
      return 429
    default:
      return 422
  }
}

export const tooOften = (waitSeconds: number): Refusal => ({ code: 'tooOften', seconds: waitSeconds })
