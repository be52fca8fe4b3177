/** How long a card is on its way. */
const glideMs = 180
const easing = 'cubic-bezier(0.2, 0.7, 0.3, 1)'

/** A card's likeness that stays where the card was while the columns change underneath. */
export interface Departure {
  /** Flies to the card's new place, which appears when it lands; or, where that is out of view, into `head` and fades. */
  land: (to: { card: HTMLElement } | { head: Element }) => void
  /** Nowhere to go. */
  drop: () => void
}

export function prefersStill(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches
}

/** Lifts a card's likeness off the board. Call it before the card leaves its column. */
export function liftOff(card: HTMLElement): Departure {
  const from = card.getBoundingClientRect()
  const ghost = likeness(card, from)
  return {
    land: (to) => {
      document.body.append(ghost)
      const flight = 'card' in to ? flyOnto(ghost, from, to.card) : flyInto(ghost, from, to.head.getBoundingClientRect())
      flight.finished.then(
        () => ghost.remove(),
        () => ghost.remove(),
      )
    },
    drop: () => ghost.remove(),
  }
}

function flyOnto(ghost: HTMLElement, from: DOMRect, card: HTMLElement): Animation {
  const to = card.getBoundingClientRect()
  card.animate([{ opacity: 0 }, { opacity: 0 }], { duration: glideMs })
  return ghost.animate([{ transform: 'none' }, { transform: `translate(${to.left - from.left}px, ${to.top - from.top}px)` }], {
    duration: glideMs,
    easing,
  })
}

function flyInto(ghost: HTMLElement, from: DOMRect, to: DOMRect): Animation {
  const x = to.left + to.width / 2 - (from.left + from.width / 2)
  const y = to.top + to.height / 2 - (from.top + from.height / 2)
  return ghost.animate(
    [
      { transform: 'none', opacity: 1 },
      { opacity: 0.9, offset: 0.7 },
      { transform: `translate(${x}px, ${y}px) scale(0.4)`, opacity: 0 },
    ],
    { duration: glideMs, easing },
  )
}

function likeness(card: HTMLElement, { left, top, width, height }: DOMRect): HTMLElement {
  const ghost = card.cloneNode(true) as HTMLElement
  ghost.removeAttribute('data-dossier')
  ghost.setAttribute('aria-hidden', 'true')
  ghost.inert = true
  Object.assign(ghost.style, {
    position: 'fixed',
    left: `${left}px`,
    top: `${top}px`,
    width: `${width}px`,
    height: `${height}px`,
    margin: '0',
    transform: 'none',
    transition: 'none',
    zIndex: '40',
    pointerEvents: 'none',
    boxShadow: 'var(--float)',
    listStyle: 'none',
  })
  return ghost
}
