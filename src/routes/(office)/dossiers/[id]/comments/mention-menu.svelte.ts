import { Extension } from '@tiptap/core'
import type { EditorView } from '@tiptap/pm/view'
import { exitSuggestion, Suggestion, type SuggestionProps } from '@tiptap/suggestion'
import type { Member } from '#shared/contracts/member.ts'

/** The members offered while a name is typed after an `@`. */
export class MentionMenu {
  members: readonly Member[] = $state.raw([])
  /** Which of them Enter takes. */
  at = $state(0)
  /** Where the `@` stands on the screen. */
  place: DOMRect | null = $state.raw(null)
  #choose: (member: Member) => void = () => {}

  get isOpen(): boolean {
    return this.members.length > 0 && this.place !== null
  }

  show({ items, clientRect, command }: SuggestionProps<Member, Member>): void {
    if (items !== this.members) this.at = 0
    this.members = items
    this.place = clientRect?.() ?? null
    this.#choose = command
  }

  hide(): void {
    this.members = []
    this.place = null
  }

  choose(member: Member | undefined): void {
    if (member) this.#choose(member)
  }

  /** @returns whether the key was the menu's */
  press({ key }: KeyboardEvent, view: EditorView): boolean {
    if (!this.isOpen) return false
    const step = { ArrowDown: 1, ArrowUp: -1 }[key]
    if (step !== undefined) this.at = (this.at + step + this.members.length) % this.members.length
    else if (key === 'Enter' || key === 'Tab') this.choose(this.members[this.at])
    else if (key === 'Escape') exitSuggestion(view)
    else return false
    return true
  }
}

/**
 * Opens the menu where a name is begun.
 * @param find the members whose name begins so
 */
export function suggestMembers(menu: MentionMenu, find: (query: string) => Member[]): Extension {
  return Extension.create({
    name: 'suggestMembers',
    addProseMirrorPlugins() {
      return [
        Suggestion<Member, Member>({
          editor: this.editor,
          // a family name comes after a blank
          allowSpaces: true,
          allowedPrefixes: [' ', '('],
          items: ({ query }) => find(query),
          command: ({ editor, range, props: { id } }) => {
            editor.commands.insertContentAt(range, [
              { type: 'mention', attrs: { id } },
              { type: 'text', text: ' ' },
            ])
          },
          render: () => ({
            onStart: (props) => menu.show(props),
            onUpdate: (props) => menu.show(props),
            onExit: () => menu.hide(),
          }),
        }),
      ]
    },
  })
}
