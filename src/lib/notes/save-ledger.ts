/**
 * Which of this tab's edits are stored. A sync frame holds every edit made before it was sent; `saved(n)` says that the first n
 * frames of the present channel are stored. Frames of a channel that was cut say nothing any more: the next one sends all anew.
 */
export class SaveLedger {
  #edits = 0
  #savedEdits = 0
  /** Edits made when each frame was sent, from frame `#first` of the present channel on. */
  #sent: number[] = []
  #first = 1

  /** Something was edited here. */
  edit(): void {
    this.#edits++
  }

  /** A channel opened: it counts from 1. */
  restart(): void {
    this.#sent = []
    this.#first = 1
  }

  /** Frame number `frame` was sent. */
  send(frame: number): void {
    this.#sent[frame - this.#first] = this.#edits
  }

  /** The first `frames` frames are stored. Returns whether that covers edits no earlier word did. */
  save(frames: number): boolean {
    const covered = this.#sent[frames - this.#first]
    if (covered === undefined) return false
    this.#sent.splice(0, frames - this.#first + 1)
    this.#first = frames + 1
    const isNews = covered > this.#savedEdits
    this.#savedEdits = Math.max(this.#savedEdits, covered)
    return isNews
  }

  get hasUnsaved(): boolean {
    return this.#savedEdits < this.#edits
  }
}
