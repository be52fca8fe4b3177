/** A key's deed, or a deed with the words that the sheet of all keys shows for it. */
export type KeyBinding = (() => void) | { run: () => void; label: string }
export type KeyBindings = Record<string, KeyBinding>

const sequenceMs = 1_200
const typing = 'input, textarea, select, [contenteditable]:not([contenteditable="false"])'
const floating = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]'
const pressable = 'a, button, summary, [role="button"], [role="tab"], [role="option"]'

/** Innermost last: a page's keys win over the frame's. */
const active: (() => KeyBindings)[] = []
let begun = ''
let begunAtMs = 0

/**
 * Attaches keys for the component's life: `keys({ 'g d': …, c: …, '/': …, 'Shift+x': … })`. By the letter on the cap, so that
 * they are the same on every layout; none fires while typing, in an open dialog or menu, or with ctrl, meta or alt.
 * Hand in a function where the bindings depend on state.
 */
export function keys(bindings: KeyBindings | (() => KeyBindings)): void {
  const read = typeof bindings === 'function' ? bindings : () => bindings
  $effect(() => {
    if (active.length === 0) addEventListener('keydown', onkeydown)
    active.push(read)
    return () => {
      active.splice(active.indexOf(read), 1)
      if (active.length === 0) removeEventListener('keydown', onkeydown)
    }
  })
}

/** The keys that have words, for a sheet that lists them: innermost first. */
export function labelledKeys(): { key: string; label: string }[] {
  const found = new Map<string, string>()
  for (const read of [...active].reverse()) {
    for (const [key, binding] of Object.entries(read())) {
      if (typeof binding !== 'function' && !found.has(key)) found.set(key, binding.label)
    }
  }
  return [...found].map(([key, label]) => ({ key, label }))
}

function onkeydown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
  const target = event.target instanceof Element ? event.target : null
  if (target?.closest(typing) || target?.closest(floating)) return
  const key = nameOf(event)
  if ((key === 'Enter' || key === ' ') && target?.closest(pressable)) return
  const sequence = begun && event.timeStamp - begunAtMs < sequenceMs ? `${begun} ${key}` : key
  const binding = find(sequence) ?? find(key)
  begun = ''
  if (binding) {
    event.preventDefault()
    if (typeof binding === 'function') binding()
    else binding.run()
  } else if (begins(key)) {
    begun = key
    begunAtMs = event.timeStamp
  }
}

/** Shift counts for letters only: `/` needs it on some layouts. */
function nameOf({ key, shiftKey }: KeyboardEvent): string {
  const letter = key.length === 1 ? key.toLowerCase() : key
  return shiftKey && letter !== key ? `Shift+${letter}` : letter
}

function find(key: string): KeyBinding | undefined {
  for (let i = active.length - 1; i >= 0; i--) {
    const binding = active[i]?.()[key]
    if (binding) return binding
  }
  return undefined
}

function begins(key: string): boolean {
  return active.some((read) => Object.keys(read()).some((known) => known.startsWith(`${key} `)))
}
