import type { Client } from '../contracts/client.ts'
import type { Comment, CommentAbout, CommentRule } from '../contracts/comment.ts'
import type { Id } from '../contracts/ids.ts'
import type { Office } from '../contracts/office.ts'

type Household = Pick<Client, 'children'>
type Child = Household['children'][number]

/** Whom a rule finds cause to write about, in a household that became another; before null: it was not known. */
type Rule = (before: Household | null, after: Household) => CommentAbout[]

/** S4.13: every rule that writes comments by itself. */
const rules: Record<CommentRule, Rule> = {
  alternatingCustody: (before, after) =>
    after.children
      .filter((child, place) => child.custody === 'alternating' && asBefore(before, after, child, place)?.custody !== 'alternating')
      .map(({ name, birthDate }) => ({ childName: name, birthDate })),
}

/** Children have no ids: the same name and birth date; else what stands in the same place, where it is gone from the others. */
function asBefore(before: Household | null, after: Household, child: Child, place: number): Child | undefined {
  const same = before?.children.find((each) => isSame(each, child))
  if (same) return same
  const there = before?.children[place]
  const wentAway = there && !after.children.some((each) => isSame(each, there))
  return wentAway && (there.name === child.name || there.birthDate === child.birthDate) ? there : undefined
}

function isSame(a: Pick<Child, 'name' | 'birthDate'>, b: Pick<Child, 'name' | 'birthDate'>): boolean {
  return a.name === b.name && a.birthDate === b.birthDate
}

/** Why a comment is written by itself. */
export interface Cause {
  rule: CommentRule
  about: CommentAbout
}

/** S4.13: it counts at once, and is not in the synthesis until it is ticked there. */
export function automaticComment(
  { id, at, writtenAt }: Pick<Comment, 'id' | 'at' | 'writtenAt'>,
  dossierId: Id,
  { rule, about }: Cause,
): Comment {
  return {
    ...{ id, at, dossierId, authorId: null, rule, about, tab: 'general', writtenAt },
    ...{ validatedAt: writtenAt, editedAt: null, deletedAt: null, inSynthesis: false, mentions: [] },
  }
}

/** The causes that a household gives when it becomes this one, by the rules that are switched on in this office. */
export function causesOf({ commentRulesOff = [] }: Pick<Office, 'commentRulesOff'>, before: Household | null, after: Household): Cause[] {
  const on = (Object.keys(rules) as CommentRule[]).filter((rule) => !commentRulesOff.includes(rule))
  return on.flatMap((rule) => rules[rule](before, after).map((about) => ({ rule, about })))
}

/** Once per cause: was this written on a dossier with these comments, deleted ones included? */
export function isWritten(comments: Iterable<Pick<Comment, 'rule' | 'about'>>, { rule, about }: Cause): boolean {
  for (const comment of comments) {
    if (comment.rule !== rule || !comment.about) continue
    if (comment.about.childName === about.childName && comment.about.birthDate === about.birthDate) return true
  }
  return false
}
