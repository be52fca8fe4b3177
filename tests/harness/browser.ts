import { existsSync } from 'node:fs'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable']

/** A Chromium to test with: `CHROMIUM_PATH`, an installed one, else the one in the npm package (Linux x64). Throws with what to do. */
export async function chromium(): Promise<{ executablePath: string; args: string[] }> {
  const given = process.env.CHROMIUM_PATH
  if (given) return { executablePath: given, args: flags }
  const found = installed.find((path) => existsSync(path))
  if (found) return { executablePath: found, args: flags }
  // the package decides by this which libraries it unpacks
  process.env.AWS_LAMBDA_JS_RUNTIME = 'nodejs24.x'
  try {
    const packaged = (await import('@sparticuz/chromium')).default
    return { executablePath: await packaged.executablePath(), args: flags }
  } catch (error) {
    throw new Error(`no browser to test with: set CHROMIUM_PATH to a Chromium or Chrome (${String(error)})`, { cause: error })
  }
}
