import type { Extensions } from '@tiptap/core'
import { StarterKit } from '@tiptap/starter-kit'
import type { Id } from '#shared/contracts/ids.ts'
import { mayLink } from '#shared/contracts/note-contents.ts'
import { EnterOverSelection } from './enter-over-selection.ts'
import { MentionNode } from './mention-node.ts'

/**
 * What a note can hold, and nothing else: paragraphs, lists, line breaks and named members; bold, italic, underline, strike and links.
 * Every change here is a new `noteSchema` number, because an editor deletes what it does not know.
 * @param nameOf the name to show for a member who is named in the text
 */
export function extensionsOf(nameOf: (memberId: Id) => string): Extensions {
  return [
    StarterKit.configure({
      // undo belongs to the shared document: one's own steps only
      undoRedo: false,
      heading: false,
      code: false,
      codeBlock: false,
      blockquote: false,
      horizontalRule: false,
      // would write into the note of everybody who only opens it
      trailingNode: false,
      link: {
        // works on the changes of others too, so every reader's editor would write
        autolink: false,
        openOnClick: false,
        defaultProtocol: 'https',
        isAllowedUri: (address) => mayLink(address),
        shouldAutoLink: mayLink,
      },
    }),
    MentionNode.configure({ nameOf }),
    EnterOverSelection,
  ]
}

/** The same where no names are shown. */
export const noteExtensions = extensionsOf(() => '')
