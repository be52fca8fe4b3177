import { Node } from '@tiptap/core'
import type { Id } from '#shared/contracts/ids.ts'

interface MentionOptions {
  /** The name to show for a member; asked when the text is drawn or copied. */
  nameOf: (memberId: Id) => string
}

/** A member named in a text. Only the id is stored: what is shown is the name they have now. */
export const MentionNode = Node.create<MentionOptions>({
  name: 'mention',
  group: 'inline',
  inline: true,
  atom: true,
  selectable: false,

  addOptions: () => ({ nameOf: () => '' }),

  addAttributes: () => ({
    id: {
      default: null,
      parseHTML: (element) => element.dataset.mention,
      renderHTML: ({ id }) => ({ 'data-mention': String(id) }),
    },
  }),

  parseHTML: () => [{ tag: 'span[data-mention]' }],

  renderHTML({ node, HTMLAttributes }) {
    return ['span', { ...HTMLAttributes, class: 'mention' }, `@${this.options.nameOf(String(node.attrs.id))}`]
  },

  renderText({ node }) {
    return `@${this.options.nameOf(String(node.attrs.id))}`
  },
})
