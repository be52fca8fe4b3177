import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Runs one of the server's entries as a person does, on this data folder. Resolves with its exit code and everything it said. */
export function runEntry(
  entry: 'backup' | 'restore',
  args: readonly string[],
  dataDir: string,
  environment: Record<string, string> = {},
): Promise<{ code: number; said: string }> {
  const script = fileURLToPath(new URL(`../../server/${entry}.ts`, import.meta.url))
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [script, ...args],
      { env: { ...process.env, ...environment, DATA_DIR: dataDir } },
      (_, out, err) => {
        resolve({ code: child.exitCode ?? -1, said: out + err })
      },
    )
  })
}
