import type { Figures } from './figures.ts'
import type { Offices } from './offices.ts'
import { ServerProcess } from './server-process.ts'

export interface BenchOptions {
  /** Of each measurement; medians are taken over them. */
  rounds: number
  /** One round, fewer samples: does it run? */
  quick: boolean
  /** Folder for the CPU profiles of the servers. */
  profileDir: string | undefined
}

/** What every measurement works with. */
export class Bench {
  readonly figures: Figures
  readonly offices: Offices
  readonly options: BenchOptions
  /** Folder of the built client. */
  readonly clientDir: string
  readonly #endsAt: number

  /** `endsAt`, on the clock of `performance.now()`: no round begins after it. */
  constructor(given: { figures: Figures; offices: Offices; options: BenchOptions; clientDir: string; endsAt: number }) {
    this.figures = given.figures
    this.offices = given.offices
    this.options = given.options
    this.clientDir = given.clientDir
    this.#endsAt = given.endsAt
  }

  /** May this round (from 0) begin? The first always; the others while there is time. */
  hasTimeFor(round: number): boolean {
    return round === 0 || (round < this.options.rounds && performance.now() < this.#endsAt)
  }

  server(script: Parameters<typeof ServerProcess.start>[0], args: readonly string[] = []): Promise<ServerProcess> {
    return ServerProcess.start(script, args, this.options.profileDir)
  }
}
