import { JSDOM } from 'jsdom'

/**
 * Gives this process a page, as far as an editor needs one. To be imported before any editor, which looks at its browser once.
 * Nothing is drawn: every place is at the corner, and no element stands under a point.
 */
const { window } = new JSDOM('<!doctype html><body></body>', { pretendToBeVisual: true })

const names = [
  ...['window', 'document', 'Node', 'Element', 'HTMLElement', 'DocumentFragment', 'MutationObserver', 'DOMParser', 'XMLSerializer'],
  ...['Range', 'Selection', 'KeyboardEvent', 'getSelection', 'requestAnimationFrame', 'cancelAnimationFrame', 'innerHeight'],
] as const
for (const name of names) Object.defineProperty(globalThis, name, { value: window[name as keyof typeof window], configurable: true })
Object.defineProperty(globalThis, 'navigator', { value: window.navigator, configurable: true })

const corner = { left: 0, top: 0, right: 0, bottom: 0, width: 0, height: 0 }
window.Range.prototype.getClientRects = () => [] as unknown as DOMRectList
window.Range.prototype.getBoundingClientRect = () => corner as DOMRect
window.document.elementFromPoint = () => null

/** A place on the page for an editor. */
export function newPlace(): HTMLElement {
  const element = window.document.createElement('div')
  window.document.body.append(element)
  return element
}
