import type { Command } from '#shared/contracts/commands.ts'
import { undo } from './change.ts'
import * as client from './client.ts'
import * as comment from './comment.ts'
import type { Context, Decision } from './context.ts'
import * as division from './division.ts'
import * as dossier from './dossier.ts'
import * as link from './link.ts'
import * as member from './member.ts'
import * as mention from './mention.ts'
import * as office from './office.ts'
import * as stage from './stage.ts'
import * as selection from './selection.ts'
import * as token from './token.ts'

/** The handler of each command: one line a command. */
export function decide(context: Context, command: Command): Decision {
  switch (command.type) {
    case 'dossier.create':
      return dossier.create(context, command)
    case 'dossier.changeOwner':
      return dossier.changeOwner(context, command)
    case 'dossier.moveStage':
      return dossier.moveStage(context, command)
    case 'dossier.changeStatus':
      return dossier.changeStatus(context, command)
    case 'dossier.abandon':
      return dossier.abandon(context, command)
    case 'dossier.edit':
      return dossier.edit(context, command)
    case 'selection.moveStage':
      return selection.moveStage(context, command)
    case 'selection.changeOwner':
      return selection.changeOwner(context, command)
    case 'client.edit':
      return client.edit(context, command)
    case 'comment.begin':
      return comment.begin(context, command)
    case 'comment.validate':
      return comment.validate(context, command)
    case 'comment.setSynthesis':
      return comment.setSynthesis(context, command)
    case 'comment.setTab':
      return comment.setTab(context, command)
    case 'comment.delete':
      return comment.remove(context, command)
    case 'mention.see':
      return mention.see(context, command)
    case 'change.undo':
      return undo(context, command)
    case 'office.changeSettings':
      return office.changeSettings(context, command)
    case 'division.create':
      return division.create(context, command)
    case 'division.rename':
      return division.rename(context, command)
    case 'division.delete':
      return division.remove(context, command)
    case 'stage.add':
      return stage.add(context, command)
    case 'stage.edit':
      return stage.edit(context, command)
    case 'stage.place':
      return stage.place(context, command)
    case 'stage.makeClosing':
      return stage.makeClosing(context, command)
    case 'stage.remove':
      return stage.remove(context, command)
    case 'member.changeRole':
      return member.changeRole(context, command)
    case 'member.changeDivisions':
      return member.changeDivisions(context, command)
    case 'member.linkDivision':
      return member.linkDivision(context, command)
    case 'member.invite':
      return member.invite(context, command)
    case 'member.renewInvitation':
      return link.renewInvitation(context, command)
    case 'member.makeResetLink':
      return link.makeResetLink(context, command)
    case 'member.changeState':
      return member.changeState(context, command)
    case 'member.editProfile':
      return member.editProfile(context, command)
    case 'token.make':
      return token.make(context, command)
    case 'token.revoke':
      return token.revoke(context, command)
  }
}
