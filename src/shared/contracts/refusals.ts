import type { ClientField } from './client-edit.ts'
import type { DossierField } from './dossier.ts'
import type { Id, Instant } from './ids.ts'
import type { LinkState } from './join.ts'
import type { Language } from './language.ts'
import type { Member } from './member.ts'
import type { TokenScope } from './token.ts'

/** The closed list of reasons a command is refused. Each is shown to the person in their language (`refusal_<code>`). */
export type Refusal =
  /** What enters is not of the form: 422, with the field and what is allowed. */
  | { code: 'invalid'; issues: { field: string; reason: string }[] }
  /** Also the answer for another office's ids and for what the member may not see. */
  | {
      code: 'notFound'
      what: 'dossier' | 'client' | 'owner' | 'division' | 'stage' | 'member' | 'change' | 'session' | 'token' | 'comment'
    }
  | { code: 'forbidden'; action: string; scope?: TokenScope | 'none' }
  /** S0.3: the missing link, named: that owner is not in that division. `which` is the present or the next owner. */
  | { code: 'ownerNotInDivision'; which: 'present' | 'next'; ownerId: Id; ownerName: string; divisionId: Id; divisionName: string }
  /** S0.2: whoever has no entry in the directory chooses the owner. */
  | { code: 'ownerNeeded' }
  /** An abandoned dossier is resumed first (S4.3). */
  | { code: 'abandoned' }
  | { code: 'closed' }
  | { code: 'idTaken' }
  | { code: 'changedMeanwhile'; field: DossierField | ClientField; memberId: Id; memberName: string; at: Instant }
  | { code: 'undoNotPossible'; reason: 'alreadyUndone' | 'notUndoable' }
  /** What is to be taken back has changed since; `what` names the record. */
  | { code: 'changedSince'; what: string; memberName: string }
  | { code: 'lastAdmin' }
  /** Too many files are on their way in, or this one is at work: come again. */
  | { code: 'importsBusy' }
  | { code: 'fileTooLarge'; mostBytes: number }
  /** The server has no such file (any more): choose it again. */
  | { code: 'importGone' }
  | { code: 'importNotChecked' }
  | { code: 'importFaulty'; count: number }
  /** Nothing in the file is new or different. */
  | { code: 'importEmpty' }
  /** Somebody of this office has that address already. */
  | { code: 'emailInUse'; memberName: string }
  /** A link is made for who is invited, a reset for who is active. */
  | { code: 'memberState'; state: Member['state'] }
  | { code: 'divisionNameTaken' }
  | { code: 'divisionNotEmpty'; members: number; owners: number; clients: number; dossiers: number }
  /** S4.9: an office has one closing stage and one before it. */
  | { code: 'closingStage' }
  | { code: 'lastStage' }
  /** Say where they go. */
  | { code: 'stageHoldsDossiers'; count: number }
  /** Stages are named in at least the office's language. */
  | { code: 'nameMissing'; language: Language }
  /** In each language no two stages have the same name. */
  | { code: 'stageNameTaken'; language: Language; name: string }
  /** All or nothing: `count` of the selected are refused, this one first. Nothing was changed. */
  | { code: 'someRefused'; count: number; number: string; first: Refusal }
  /** A link that does nothing (any more), since when, and the admins who can make another (only where there was such a link). */
  | { code: 'link'; state: LinkState; admins: string[]; at: Instant | null }
  /** `common`: one of those that are tried first. `personal`: hardly more than one's address or name, or the office's name. */
  | { code: 'weakPassword'; reason: 'short' | 'long' | 'common' | 'personal' }
  /** The neutral answer to an invitation whose address signs in elsewhere already. */
  | { code: 'addressTaken' }
  | { code: 'wrongPassword' }
  /** 429: too often; in so many seconds again. */
  | { code: 'tooOften'; seconds: number }
  /** They may not see the dossier, or are no members any more: whoever is mentioned could not read it. */
  | { code: 'mentionNotPossible'; memberIds: Id[]; names: string[] }
  /** More text than a comment takes, in characters. */
  | { code: 'commentTooLong'; length: number; most: number }
  /** Said by the page itself: there is no connection, and commands are not kept for later. */
  | { code: 'offline' }
  /** The same command id came with another body. */
  | { code: 'commandIdReused' }

export type RefusalCode = Refusal['code']
