/**
 * The browser asks before the tab is left while something in it is not saved.
 * @returns takes the guard off
 */
export function guardLeaving(tab: Pick<Window, 'addEventListener' | 'removeEventListener'>, hasUnsaved: () => boolean): () => void {
  const ask = (event: BeforeUnloadEvent) => {
    if (hasUnsaved()) event.preventDefault()
  }
  tab.addEventListener('beforeunload', ask)
  return () => tab.removeEventListener('beforeunload', ask)
}
