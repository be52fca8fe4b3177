/** A key's deed and its words: there is no key that the sheet of all keys does not list. */
export interface KeyBinding {
  /** Absent: somebody else listens for it, and it is only listed. */
  run?: () => void
  /** Given: it works for as long as the key is held, and this is called when it is let go. */
  release?: () => void
  label: string
  /** Also in fields; for what is with Ctrl. */
  whileTyping?: boolean
}
/** By the letter on the cap: `j`, `Shift+x`, `Mod+k`, `g d`. */
export type KeyBindings = Record<string, KeyBinding>

/** The keys of one place: each line has the keys that do the same. */
export interface SheetGroup {
  where: string
  lines: { keys: string[]; label: string }[]
}

/** What to show of these, innermost first: a key that an inner place has taken is not listed further out. */
export function sheetOf(places: readonly { where: string; bindings: KeyBindings }[]): SheetGroup[] {
  const taken = new Set<string>()
  const groups = new Map<string, Map<string, string[]>>()
  for (const { where, bindings } of places) {
    const lines = groups.get(where) ?? new Map<string, string[]>()
    groups.set(where, lines)
    for (const [key, { label, run }] of Object.entries(bindings)) {
      if (taken.has(key)) continue
      if (run) taken.add(key)
      lines.set(label, [...(lines.get(label) ?? []), key])
    }
  }
  return [...groups].flatMap(([where, lines]) =>
    lines.size > 0 ? [{ where, lines: [...lines].map(([label, keys]) => ({ label, keys })) }] : [],
  )
}

const caps: Record<string, string> = {
  Escape: 'Esc',
  ArrowDown: '↓',
  ArrowUp: '↑',
  ArrowLeft: '←',
  ArrowRight: '→',
  PageUp: 'Page ↑',
  PageDown: 'Page ↓',
}

/** The caps to press for a key: `Mod+k` is Ctrl and K, or the command key of a Mac. */
export function capsOf(key: string, isMac: boolean): string[] {
  return key
    .split(/[ +]/)
    .map((part) => (part === 'Mod' ? (isMac ? '⌘' : 'Ctrl') : part === 'Shift' ? (isMac ? '⇧' : 'Shift') : (caps[part] ?? part)))
}
