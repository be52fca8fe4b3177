import { Node } from '@tiptap/core'
import type { Id } from '#shared/contracts/ids.ts'

interface MentionOptions {
  /** The name to show for a member; asked when the text is drawn or copied. */
  nameOf: (memberId: Id) => string
}

declare module '@tiptap/core' {
  interface Commands<ReturnType> {
    mention: {
      /** Shows the names that members have now. */
      redrawMentions: () => ReturnType
    }
  }
}

/** A member named in a text. Only the id is stored: what is shown is the name they have now. */
export const MentionNode = Node.create<MentionOptions, { drawn: Set<() => void> }>({
  name: 'mention',
  group: 'inline',
  inline: true,
  atom: true,
  selectable: false,

  addOptions: () => ({ nameOf: () => '' }),
  addStorage: () => ({ drawn: new Set() }),

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

  // the name is none of the text's: another one changes what is drawn, and nothing else
  addNodeView() {
    const { drawn } = this.storage
    const { nameOf } = this.options
    return ({ node }) => {
      const memberId = String(node.attrs.id)
      const dom = document.createElement('span')
      dom.className = 'mention'
      dom.dataset.mention = memberId
      const draw = () => (dom.textContent = `@${nameOf(memberId)}`)
      draw()
      drawn.add(draw)
      return { dom, ignoreMutation: () => true, destroy: () => drawn.delete(draw) }
    }
  },

  addCommands() {
    return {
      redrawMentions: () => () => {
        for (const draw of this.storage.drawn) draw()
        return true
      },
    }
  },

  renderText({ node }) {
    return `@${this.options.nameOf(String(node.attrs.id))}`
  },
})
