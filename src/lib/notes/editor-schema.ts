import type { Extensions } from '@tiptap/core'
import { StarterKit } from '@tiptap/starter-kit'
import { mayLink } from '#shared/contracts/note-contents.ts'

/**
 * What a note can hold, and nothing else: paragraphs, lists and line breaks; bold, italic, underline, strike and links.
 * Every change here is a new `noteSchema` number, because an editor deletes what it does not know.
 */
export const noteExtensions: Extensions = [
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
]
