import type { Comment, CommentEvent, CommentRule, CommentTab } from '#shared/contracts/comment.ts'
import { date } from './format.ts'
import { m } from '$paraglide/messages.js'

/** The tab a comment belongs to. */
export function tabLabel(tab: CommentTab): string {
  return {
    general: m.comments_tab_general,
    borrowers: m.comments_tab_borrowers,
    children: m.comments_tab_children,
    project: m.comments_tab_project,
    credit: m.comments_tab_credit,
    assets: m.comments_tab_assets,
  }[tab]()
}

/** What was done to a comment, as the history says it; empty for what it does not tell. */
export function commentDeed(type: string): string {
  const deeds: Partial<Record<string, () => string>> = {
    'comment.validated': m.comments_history_validated,
    'comment.changed': m.comments_history_changed,
    'comment.deleted': m.comments_history_deleted,
    'comment.written': m.comments_history_written,
  } satisfies Partial<Record<CommentEvent['type'], () => string>>
  return deeds[type]?.() ?? ''
}

/** The name of a rule that writes comments (S4.13). */
export function ruleLabel(rule: CommentRule): string {
  return { alternatingCustody: m.comments_rule_alternating_custody }[rule]()
}

/** When a rule writes. */
export function ruleCause(rule: CommentRule): string {
  return { alternatingCustody: m.comments_rule_alternating_custody_when }[rule]()
}

/** What a rule has written: in the reader's language, since it is no text but a cause. */
export function ruleText({ rule, about }: Pick<Comment, 'rule' | 'about'>): string {
  if (rule === null || about === null) return ''
  const { childName: child, birthDate } = about
  return birthDate === null
    ? m.comments_rule_alternating_custody_text({ child })
    : m.comments_rule_alternating_custody_born({ child, date: date(birthDate) })
}
