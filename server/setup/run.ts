import { WrongArguments } from './arguments.ts'

/** Runs a command of the command line: what it returns is printed. What went wrong goes to standard error; 2 for wrong arguments, else 1. */
export async function run(help: string, work: () => Promise<string | null>): Promise<void> {
  process.umask(0o077)
  try {
    console.log((await work()) ?? help)
  } catch (error) {
    const isWrong = error instanceof WrongArguments
    console.error(isWrong ? `${error.message}\n\n${help}` : error instanceof Error ? error.message : error)
    process.exitCode = isWrong ? 2 : 1
  }
}
