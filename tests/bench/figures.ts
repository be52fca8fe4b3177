import { median } from './statistics.ts'

interface Rounds {
  ours: number[]
  peer: number[]
}

/** What was measured: for each figure one value a round of ours and, where a peer makes sense, of the peer. */
export class Figures {
  readonly #rounds = new Map<string, Rounds>()

  /** A round's value of ours. The figure's name ends with its unit: `npm ci (s)`. */
  ours(figure: string, value: number): void {
    this.#of(figure).ours.push(value)
  }

  /** A round's value of the peer in the same run. */
  peer(figure: string, value: number): void {
    this.#of(figure).peer.push(value)
  }

  /** A table for people, then one JSON line a figure; medians over the rounds, and how far these lie apart. */
  print(say: (line: string) => void): void {
    const lines = [...this.#rounds].map(([figure, { ours, peer }]) => ({ figure, ours, peer }))
    const width = Math.max(...lines.map(({ figure }) => figure.length))
    say(`${'figure'.padEnd(width)} ${cells('ours', 'its rounds', 'peer', 'its rounds', 'ratio')}`)
    for (const { figure, ours, peer } of lines) {
      const ratio = ratioOf(ours, peer)
      say(`${figure.padEnd(width)} ${cells(middle(ours), span(ours), middle(peer), span(peer), ratio === null ? '' : ratio.toFixed(2))}`)
    }
    say('')
    for (const { figure, ours, peer } of lines) {
      say(JSON.stringify({ figure, ours: rounded(median(ours)), peer: rounded(median(peer)), ratio: ratioOf(ours, peer) }))
    }
  }

  #of(figure: string): Rounds {
    const known = this.#rounds.get(figure) ?? { ours: [], peer: [] }
    this.#rounds.set(figure, known)
    return known
  }
}

function cells(...[ours, oursSpan, peer, peerSpan, ratio]: [string, string, string, string, string]): string {
  return `${ours.padStart(9)}  ${oursSpan.padEnd(18)} ${peer.padStart(9)}  ${peerSpan.padEnd(18)} ${ratio.padStart(6)}`.trimEnd()
}

function ratioOf(ours: readonly number[], peer: readonly number[]): number | null {
  return rounded(median(ours) / median(peer))
}

function middle(rounds: readonly number[]): string {
  return rounds.length === 0 ? '' : String(rounded(median(rounds)))
}

function span(rounds: readonly number[]): string {
  return rounds.length < 2 ? '' : `${rounded(Math.min(...rounds))} … ${rounded(Math.max(...rounds))}`
}

/** Three significant digits, whole from 100 on; null of what is no number. */
function rounded(value: number): number | null {
  if (!Number.isFinite(value)) return null
  return value >= 100 ? Math.round(value) : Number(value.toPrecision(3))
}
