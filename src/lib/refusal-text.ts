import type { Refusal } from '#shared/contracts/refusals.ts'
import { m } from '$paraglide/messages.js'
import { fieldLabel } from './field-label.ts'
import { dateTime, number } from './format.ts'
import { languageNames } from '#shared/contracts/language.ts'

/** Why something was refused, in the member's language. Every code of the closed list has its sentence. */
export function refusalText(refusal: Refusal): string {
  switch (refusal.code) {
    case 'invalid':
      return m.refusal_invalid({ fields: refusal.issues.map((issue) => issue.field).join(', ') })
    case 'notFound':
      return notFoundText(refusal.what)
    case 'forbidden':
      return m.refusal_forbidden()
    case 'ownerNotInDivision':
      return refusal.which === 'present'
        ? m.refusal_present_owner_not_in_division({ owner: refusal.ownerName, division: refusal.divisionName })
        : m.refusal_owner_not_in_division({ owner: refusal.ownerName, division: refusal.divisionName })
    case 'ownerNeeded':
      return m.refusal_owner_needed()
    case 'abandoned':
      return m.refusal_abandoned()
    case 'closed':
      return m.refusal_closed()
    case 'idTaken':
      return m.refusal_id_taken()
    case 'changedMeanwhile':
      return m.refusal_changed_meanwhile({ field: fieldLabel(refusal.field), member: refusal.memberName, at: dateTime(refusal.at) })
    case 'undoNotPossible':
      return refusal.reason === 'alreadyUndone' ? m.refusal_already_undone() : m.refusal_not_undoable()
    case 'changedSince':
      return m.refusal_changed_since({ what: refusal.what, member: refusal.memberName })
    case 'emailInUse':
      return m.refusal_email_in_use({ member: refusal.memberName })
    case 'memberState':
      return memberStateText(refusal.state)
    case 'divisionNameTaken':
      return m.refusal_division_name_taken()
    case 'divisionNotEmpty':
      return m.refusal_division_not_empty(refusal)
    case 'closingStage':
      return m.refusal_closing_stage()
    case 'lastStage':
      return m.refusal_last_stage()
    case 'stageHoldsDossiers':
      return m.refusal_stage_holds_dossiers({ count: number(refusal.count) })
    case 'nameMissing':
      return m.refusal_name_missing({ language: languageNames[refusal.language] })
    case 'stageNameTaken':
      return m.refusal_stage_name_taken({ name: refusal.name, language: languageNames[refusal.language] })
    case 'someRefused':
      return m.refusal_some_refused({ count: number(refusal.count), number: refusal.number, reason: refusalText(refusal.first) })
    case 'importsBusy':
      return m.refusal_imports_busy()
    case 'fileTooLarge':
      return m.refusal_file_too_large({ most: number(Math.floor(refusal.mostBytes / 1_048_576)) })
    case 'importGone':
      return m.refusal_import_gone()
    case 'importNotChecked':
      return m.refusal_import_not_checked()
    case 'importFaulty':
      return m.refusal_import_faulty({ count: number(refusal.count) })
    case 'importEmpty':
      return m.refusal_import_empty()
    case 'lastAdmin':
      return m.refusal_last_admin()
    case 'link':
      return linkText(refusal)
    case 'weakPassword':
      return weakPasswordText(refusal.reason)
    case 'addressTaken':
      return m.refusal_address_taken()
    case 'wrongPassword':
      return m.refusal_wrong_password()
    case 'tooOften':
      return m.refusal_too_often({ seconds: number(refusal.seconds) })
    case 'mentionNotPossible':
      return m.refusal_mention_not_possible({ names: refusal.names.join(', ') })
    case 'commentTooLong':
      return m.refusal_comment_too_long({ length: number(refusal.length), most: number(refusal.most) })
    case 'offline':
      return m.refusal_offline()
    case 'commandIdReused':
      return m.refusal_command_id_reused()
  }
}

/** That it does nothing (any more), why, and who can make another. */
function linkText({ state, admins }: Refusal & { code: 'link' }): string {
  const names = admins.join(', ')
  switch (state) {
    case 'unknown':
      return m.refusal_link_unknown()
    case 'used':
      return m.refusal_link_used({ admins: names })
    case 'expired':
      return m.refusal_link_expired({ admins: names })
    case 'stopped':
      return m.refusal_link_stopped({ admins: names })
  }
}

function weakPasswordText(reason: (Refusal & { code: 'weakPassword' })['reason']): string {
  switch (reason) {
    case 'short':
      return m.refusal_weak_password_short()
    case 'long':
      return m.refusal_weak_password_long()
    case 'common':
      return m.refusal_weak_password_common()
    case 'personal':
      return m.refusal_weak_password_personal()
  }
}

function memberStateText(state: (Refusal & { code: 'memberState' })['state']): string {
  switch (state) {
    case 'invited':
      return m.refusal_member_state_invited()
    case 'active':
      return m.refusal_member_state_active()
    case 'deactivated':
      return m.refusal_member_state_deactivated()
  }
}

function notFoundText(what: (Refusal & { code: 'notFound' })['what']): string {
  switch (what) {
    case 'dossier':
      return m.refusal_not_found_dossier()
    case 'client':
      return m.refusal_not_found_client()
    case 'owner':
      return m.refusal_not_found_owner()
    case 'division':
      return m.refusal_not_found_division()
    case 'stage':
      return m.refusal_not_found_stage()
    case 'member':
      return m.refusal_not_found_member()
    case 'change':
      return m.refusal_not_found_change()
    case 'session':
      return m.refusal_not_found_session()
    case 'comment':
      return m.refusal_not_found_comment()
    case 'token':
      return m.refusal_not_found_token()
  }
}
