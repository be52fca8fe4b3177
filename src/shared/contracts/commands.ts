import { z } from 'zod'
import { UndoChange } from './change.ts'
import { EditClient } from './client-edit.ts'
import { BeginComment, DeleteComment, SetSynthesis, SetTab, ValidateComment } from './comment.ts'
import { CreateDivision, DeleteDivision, RenameDivision } from './division.ts'
import {
  AbandonDossier,
  ChangeOwner,
  ChangeOwnerOfSelection,
  ChangeStatus,
  CreateDossier,
  EditDossier,
  MoveSelection,
  MoveStage,
} from './dossier.ts'
import { Id } from './ids.ts'
import {
  ChangeDivisions,
  ChangeRole,
  ChangeState,
  EditProfile,
  InviteMember,
  LinkDivision,
  MakeResetLink,
  RenewInvitation,
} from './member.ts'
import { SeeMention } from './mention.ts'
import { ChangeSettings } from './office.ts'
import type { Refusal } from './refusals.ts'
import { AddStage, EditStage, MakeClosingStage, PlaceStage, RemoveStage } from './stage.ts'
import { MakeToken, RevokeToken } from './token.ts'

/** Everything a person can have done. The same union at the socket and at `POST /api/v1/commands/<type>`. */
export const Command = z.discriminatedUnion('type', [
  CreateDossier,
  ChangeOwner,
  MoveStage,
  ChangeStatus,
  AbandonDossier,
  EditDossier,
  MoveSelection,
  ChangeOwnerOfSelection,
  EditClient,
  BeginComment,
  ValidateComment,
  SetSynthesis,
  SetTab,
  DeleteComment,
  SeeMention,
  UndoChange,
  ChangeSettings,
  CreateDivision,
  RenameDivision,
  DeleteDivision,
  AddStage,
  EditStage,
  PlaceStage,
  MakeClosingStage,
  RemoveStage,
  ChangeRole,
  ChangeDivisions,
  LinkDivision,
  InviteMember,
  RenewInvitation,
  MakeResetLink,
  ChangeState,
  EditProfile,
  MakeToken,
  RevokeToken,
])
export type Command = z.infer<typeof Command>
export type CommandType = Command['type']

/** A command on its way: a retry carries the same id and gets the first answer. */
export const Envelope = z.strictObject({
  id: Id,
  /** The log number the sender's screen stood at: a field that somebody else has set since is not overwritten. */
  seen: z.number().int().nonnegative().optional(),
  command: Command,
})
export type Envelope = z.infer<typeof Envelope>

/** `n` is the number of the last event it caused; null when nothing had to change. */
export type Answer = { ok: true; n: number | null } | { ok: false; refusal: Refusal }
