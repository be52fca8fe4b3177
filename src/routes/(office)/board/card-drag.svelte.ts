import { draggable, dropTargetForElements, monitorForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'
import { preventUnhandled } from '@atlaskit/pragmatic-drag-and-drop/prevent-unhandled'
import type { Attachment } from 'svelte/attachments'
import type { Id } from '#shared/contracts/ids.ts'

const edgePx = 72
const fastestPxPerFrame = 18

interface DragRules {
  mayDrag: (dossierId: Id) => boolean
  mayDrop: (dossierId: Id, stageId: Id) => boolean
  dropped: (dossierId: Id, stageId: Id) => void
}

/** Cards carried by hand: which one, over which stage, and what its dropping does. A whole column is one place to drop on. */
export class CardDrag {
  /** The card that is being carried. */
  dossierId: Id | null = $state(null)
  /** The stage it would go to if it were let go now. */
  overStageId: Id | null = $state(null)
  readonly #rules: DragRules
  #pointerX = 0
  #board: HTMLElement | null = null

  constructor(rules: DragRules) {
    this.#rules = rules
  }

  /** A card (`data-dossier`) that can be carried. By touch it cannot: there a long press would fight with scrolling, and the menu does it. */
  readonly card: Attachment<HTMLElement> = (element) =>
    draggable({
      element,
      canDrag: () => !matchMedia('(pointer: coarse)').matches && this.#rules.mayDrag(element.dataset.dossier ?? ''),
      getInitialData: () => ({ dossierId: element.dataset.dossier }),
    })

  /** A place to drop on (`data-stage`). */
  readonly stage: Attachment<HTMLElement> = (element) =>
    dropTargetForElements({
      element,
      canDrop: ({ source }) => this.#rules.mayDrop(idIn(source.data, 'dossierId') ?? '', element.dataset.stage ?? ''),
      getData: () => ({ stageId: element.dataset.stage }),
      getDropEffect: () => 'move',
    })

  /** The board around them: it scrolls sideways while a card is held at its edge. */
  readonly board: Attachment<HTMLElement> = (element) => {
    this.#board = element
    return monitorForElements({
      onDragStart: ({ source, location }) => {
        preventUnhandled.start()
        this.dossierId = idIn(source.data, 'dossierId')
        this.#pointerX = location.initial.input.clientX
        requestAnimationFrame(this.#scrollAtEdge)
      },
      onDrag: ({ location }) => (this.#pointerX = location.current.input.clientX),
      onDropTargetChange: ({ location }) => (this.overStageId = idIn(location.current.dropTargets[0]?.data, 'stageId')),
      onDrop: ({ location }) => {
        preventUnhandled.stop()
        const [dossierId, stageId] = [this.dossierId, idIn(location.current.dropTargets[0]?.data, 'stageId')]
        this.dossierId = null
        this.overStageId = null
        if (dossierId !== null && stageId !== null) this.#rules.dropped(dossierId, stageId)
      },
    })
  }

  #scrollAtEdge = (): void => {
    const board = this.#board
    if (this.dossierId === null || !board) return
    const { left, right } = board.getBoundingClientRect()
    board.scrollLeft += speedAt(this.#pointerX, left, right - parseFloat(getComputedStyle(board).scrollPaddingRight))
    requestAnimationFrame(this.#scrollAtEdge)
  }
}

/** How far to scroll in a frame, px: the faster the nearer to the edge; beyond it, where the closing strip is, not at all. */
function speedAt(x: number, left: number, right: number): number {
  const depth = (px: number) => fastestPxPerFrame * Math.min(1, px / edgePx)
  if (x < left + edgePx) return -depth(left + edgePx - x)
  return x > right - edgePx && x <= right ? depth(x - (right - edgePx)) : 0
}

function idIn(data: Record<string | symbol, unknown> | undefined, key: string): Id | null {
  const id = data?.[key]
  return typeof id === 'string' ? id : null
}
