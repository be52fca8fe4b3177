import type { Answer, Command } from '#shared/contracts/commands.ts'
import type { Id } from '#shared/contracts/ids.ts'
import { m } from '$paraglide/messages.js'
import { live } from './live/live.svelte.ts'
import { newId } from './live/new-id.ts'
import { refusalText } from './refusal-text.ts'
import { toasts } from './toasts.svelte.ts'
import { isHeldBack } from './while-connected.svelte.ts'

interface ActOptions {
  /** What the toast says once it is done, for example "Moved to Bank appointment". */
  done?: string
  /** No toast on success; it can be undone all the same. */
  silent?: boolean
}

interface Sent {
  commandId: Id
  answered: Promise<Answer>
}

/** What this tab did and may take back, newest last. */
const done: Sent[] = []
const undoable: ReadonlySet<Command['type']> = new Set<Command['type']>([
  'dossier.changeOwner',
  'dossier.moveStage',
  'dossier.changeStatus',
  'dossier.abandon',
  'dossier.edit',
  'client.edit',
  'member.changeRole',
  'member.linkDivision',
  'member.changeState',
  'member.editProfile',
  'office.changeSettings',
  'division.create',
  'division.rename',
  'division.delete',
  'stage.add',
  'stage.edit',
  'stage.place',
  'stage.makeClosing',
  'stage.remove',
  'member.changeDivisions',
  'selection.moveStage',
  'selection.changeOwner',
  'comment.setSynthesis',
  'comment.setTab',
])

/** Sends a command and says how it went: a toast with Undo, or the refusal in the member's language. */
export async function act(command: Command, { done: doneText, silent = false }: ActOptions = {}): Promise<Answer> {
  const commandId = newId()
  const mayUndo = undoable.has(command.type)
  const answered = live.send(command, commandId)
  if (mayUndo) done.push({ commandId, answered })
  const answer = await answered
  if (!answer.ok) {
    forget(commandId)
    toasts.show({ text: refusalText(answer.refusal), tone: 'bad' })
  } else if (answer.n === null) {
    forget(commandId)
  } else if (!silent) {
    toasts.show({ text: doneText ?? m.common_done(), action: mayUndo ? undoAction(commandId) : undefined })
  }
  return answer
}

/** Key `z`: takes back this tab's last change that still can be. */
export async function undoLast(): Promise<void> {
  const last = done.at(-1)
  if (last) await undo(last.commandId)
  else toasts.show({ text: m.common_nothing_to_undo() })
}

/** Takes back what one of these commands did (L4); refused, naming who, when it was changed since. */
async function undo(commandId: Id): Promise<void> {
  // it can still be taken back when the connection is there again
  if (isHeldBack()) return
  const sent = done.find((one) => one.commandId === commandId)
  forget(commandId)
  // an unanswered command has no event yet that could be taken back
  if (sent && !(await sent.answered).ok) return
  const answer = await live.send({ type: 'change.undo', commandId })
  toasts.show(answer.ok ? { text: m.common_undone() } : { text: refusalText(answer.refusal), tone: 'bad' })
}

function undoAction(commandId: Id) {
  return { label: m.common_undo(), shortcut: 'z', run: () => void undo(commandId) }
}

function forget(commandId: Id): void {
  const index = done.findIndex((one) => one.commandId === commandId)
  if (index >= 0) done.splice(index, 1)
}
