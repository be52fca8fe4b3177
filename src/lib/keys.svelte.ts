import { type KeyBinding, type KeyBindings, type SheetGroup, sheetOf } from './key-sheet.ts'

export type { KeyBinding, KeyBindings } from './key-sheet.ts'

const sequenceMs = 1_200
const typing = 'input, textarea, select, [contenteditable]:not([contenteditable="false"])'
const floating = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]'
const pressable = 'a, button, summary, [role="button"], [role="tab"], [role="option"]'

/** Innermost last: a page's keys win over the frame's. */
const active: { read: () => KeyBindings; where: () => string }[] = []
let begun = ''
let begunAtMs = 0
/** A key that is held, and what is to be done when it is let go. */
let held: { code: string; release: () => void } | null = null

/**
 * Attaches keys for the component's life: `keys({ 'g d': …, c: …, '/': …, 'Shift+x': … })`. By the letter on the cap, so that
 * they are the same on every layout; `Mod+k` is with Ctrl or the command key. None fires while typing unless it says so, nor in an open
 * dialog or menu.
 * Hand in a function where the bindings depend on state; `where` is what the sheet of all keys says of the place they work in.
 */
export function keys(bindings: KeyBindings | (() => KeyBindings), where: () => string): void {
  const read = typeof bindings === 'function' ? bindings : () => bindings
  $effect(() => {
    if (active.length === 0) listen()
    const entry = { read, where }
    active.push(entry)
    return () => {
      active.splice(active.indexOf(entry), 1)
      if (active.length === 0) stopListening()
    }
  })
}

/** Every key that works now, by the place it works in: innermost first. */
export function keySheet(): SheetGroup[] {
  return sheetOf(active.map(({ read, where }) => ({ where: where(), bindings: read() })).reverse())
}

function listen(): void {
  addEventListener('keydown', onkeydown)
  addEventListener('keyup', onkeyup)
  addEventListener('blur', letGo)
}

function stopListening(): void {
  letGo()
  removeEventListener('keydown', onkeydown)
  removeEventListener('keyup', onkeyup)
  removeEventListener('blur', letGo)
}

function onkeydown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.altKey || event.isComposing) return
  const target = event.target instanceof Element ? event.target : null
  if (target?.closest(floating)) return
  const key = nameOf(event)
  if (target?.closest(typing) && !worksWhileTyping(find(key))) return
  if ((key === 'Enter' || key === ' ') && target?.closest(pressable)) return
  const sequence = begun && event.timeStamp - begunAtMs < sequenceMs ? `${begun} ${key}` : key
  const binding = find(sequence) ?? find(key)
  begun = ''
  if (binding) {
    event.preventDefault()
    if (!binding.release) binding.run?.()
    else if (!event.repeat) hold(event.code, binding.release, binding.run)
  } else if (begins(key)) {
    begun = key
    begunAtMs = event.timeStamp
  }
}

function hold(code: string, release: () => void, run?: () => void): void {
  letGo()
  held = { code, release }
  run?.()
}

/** While the command key of a Mac is down, other keys are not told to be let go. */
function onkeyup({ code, key }: KeyboardEvent): void {
  if (code === held?.code || key === 'Meta' || key === 'Control') letGo()
}

function letGo(): void {
  const { release } = held ?? {}
  held = null
  release?.()
}

/** Shift counts for letters only: `/` needs it on some layouts. `Mod` is Ctrl, or the command key of a Mac. */
function nameOf({ key, shiftKey, ctrlKey, metaKey }: KeyboardEvent): string {
  const letter = key.length === 1 ? key.toLowerCase() : key
  const shifted = shiftKey && letter !== key ? `Shift+${letter}` : letter
  return ctrlKey || metaKey ? `Mod+${shifted}` : shifted
}

function worksWhileTyping(binding: KeyBinding | undefined): boolean {
  return binding?.whileTyping === true
}

function find(key: string): KeyBinding | undefined {
  for (let i = active.length - 1; i >= 0; i--) {
    const binding = active[i]?.read()[key]
    if (binding?.run) return binding
  }
  return undefined
}

function begins(key: string): boolean {
  return active.some(({ read }) => Object.keys(read()).some((known) => known.startsWith(`${key} `)))
}
