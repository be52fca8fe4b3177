import { type Editor, Extension } from '@tiptap/core'
import type { Node } from '@tiptap/pm/model'
import { type EditorState, Plugin, PluginKey, type Transaction } from '@tiptap/pm/state'
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view'
import { ySyncPluginKey } from '@tiptap/y-tiptap'
import * as Y from 'yjs'
import type { Id } from '#shared/contracts/ids.ts'
import { authorRuns, type Wrote } from '../../../notes/authors/author-runs.ts'
import type { Authors } from '../../../notes/versions/note-authors.ts'

/** How what somebody wrote is drawn: a colour, and a line under it that tells it apart without the colour. */
export interface AuthorLook {
  colour: string
  line: string
}

interface Source {
  authors: Authors
  lookOf: (memberId: Id | null) => AuthorLook
}
interface Shown {
  /** Null: nothing is shown. */
  source: Source | null
  drawn: DecorationSet
  /** The blocks that are drawn as they are. */
  blocks: ReadonlySet<Node>
}

const nothing: Shown = { source: null, drawn: DecorationSet.empty, blocks: new Set() }
const key = new PluginKey<Shown>('authors')

/** Draws who wrote what over the text, where that is wanted. Nothing of it is in the document. */
export const AuthorColours = Extension.create({
  name: 'authorColours',
  addProseMirrorPlugins: () => [authorPlugin()],
})

/** Shows it by this; null: shows it no more. */
export function showAuthors({ state, view }: Editor, source: Source | null): void {
  view.dispatch(state.tr.setMeta(key, { source }))
}

/** Who wrote something in the text, with how many letters, in the order in which they appear. */
export function shownAuthors({ state }: Editor): Map<Id | null, number> {
  const letters = new Map<Id | null, number>()
  for (const { from, to, spec } of key.getState(state)?.drawn.find() ?? []) {
    const { by } = spec as Wrote
    letters.set(by, (letters.get(by) ?? 0) + to - from)
  }
  return letters
}

/** Who wrote the letter before this position, or where none is, after it; null: nobody did, or nothing is shown. */
export function authorAt({ state }: Editor, position: number): Wrote | null {
  const found = key.getState(state)?.drawn.find(position, position) ?? []
  const before = found.find(({ to }) => to === position) ?? found.find(({ from, to }) => from < position && position < to) ?? found[0]
  return before ? (before.spec as Wrote) : null
}

function authorPlugin(): Plugin<Shown> {
  return new Plugin<Shown>({
    key,
    state: {
      init: () => nothing,
      apply: (transaction, shown, _before, state) => apply(transaction, shown, state),
    },
    props: { decorations: (state) => key.getState(state)?.drawn },
    view: (view) => new Redrawing(view),
  })
}

function apply(transaction: Transaction, shown: Shown, state: EditorState): Shown {
  const meta = transaction.getMeta(key) as { source?: Source | null } | undefined
  const moved = transaction.docChanged ? { ...shown, drawn: shown.drawn.map(transaction.mapping, transaction.doc) } : shown
  if (!meta) return moved
  if (meta.source === undefined) return drawChanged(state, moved)
  return meta.source ? drawChanged(state, { ...nothing, source: meta.source }) : nothing
}

/** Draws those blocks anew that are others than when they were drawn. */
function drawChanged(state: EditorState, shown: Shown): Shown {
  const { source } = shown
  const blocks = blocksOf(state)
  if (!source || blocks.length !== state.doc.childCount) return shown
  const now = new Set<Node>()
  const gone: Decoration[] = []
  const fresh: Decoration[] = []
  state.doc.forEach((node, offset, i) => {
    const isDrawn = shown.blocks.has(node)
    const made = isDrawn ? null : decorationsOf(node, offset, blocks[i], source)
    if (isDrawn || made) now.add(node)
    if (isDrawn) return
    gone.push(...shown.drawn.find(offset, offset + node.nodeSize))
    fresh.push(...(made ?? []))
  })
  return { source, blocks: now, drawn: shown.drawn.remove(gone).add(state.doc, fresh) }
}

/** Null: the editor's block is not what the shared text has there, which it will be in a moment. */
function decorationsOf(node: Node, offset: number, block: Y.XmlElement | undefined, { authors, lookOf }: Source): Decoration[] | null {
  if (!block) return null
  const { runs, size } = authorRuns(block, authors, (name) => node.type.schema.nodes[name]?.isLeaf ?? false)
  if (size !== node.nodeSize) return null
  return runs.map(({ from, to, by, at }) => {
    const { colour, line } = lookOf(by)
    const attributes = { class: 'wrote', style: `--c: ${colour}; --line: ${line}`, 'data-by': by ?? '', 'data-at': String(at ?? '') }
    return Decoration.inline(offset + from, offset + to, attributes, { by, at } satisfies Wrote)
  })
}

function blocksOf(state: EditorState): Y.XmlElement[] {
  const { type } = ySyncPluginKey.getState(state) as { type: Y.XmlFragment }
  return type.toArray().filter((child) => child instanceof Y.XmlElement)
}

/** Has what changed drawn anew before the next frame; while somebody composes a letter, after that. */
class Redrawing {
  readonly #view: EditorView
  #frame: number | null = null

  constructor(view: EditorView) {
    this.#view = view
    view.dom.addEventListener('compositionend', this.#soon)
  }

  update({ state }: EditorView, before: EditorState): void {
    if (key.getState(state)?.source && state.doc !== before.doc) this.#soon()
  }

  destroy(): void {
    this.#view.dom.removeEventListener('compositionend', this.#soon)
    if (this.#frame !== null) cancelAnimationFrame(this.#frame)
  }

  #soon = (): void => {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null
      const view = this.#view
      if (!view.composing && key.getState(view.state)?.source) view.dispatch(view.state.tr.setMeta(key, {}))
    })
  }
}
